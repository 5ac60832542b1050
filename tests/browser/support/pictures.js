// A shop's server with pictures: `https://shop.example/red-300x200.svg` is red and 300 by 200, `missing.svg` is none.

const SHOP = `<!doctype html><html lang="en"><title>Shop</title><main><h1>Shop</h1><button>Inside</button></main></html>`;

/** Serves the shop's addresses to the page. Gives `hold()`, whose function lets pictures through again, and what was asked for. */
export async function showShop(page) {
  let gate = Promise.resolve();
  const asked = [];
  await page.route("https://shop.example/**", async (route) => {
    const { pathname } = new URL(route.request().url());
    asked.push(pathname);
    const [, colour, width, height] = /^\/(\w+)-(\d+)x(\d+)\.svg$/.exec(pathname) ?? [];
    if (pathname.endsWith(".html"))
      return route.fulfill({ contentType: "text/html", body: SHOP });
    if (!colour) return route.fulfill({ status: 404, body: "" });
    await gate;
    const body = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${colour}"/></svg>`;
    await route.fulfill({ contentType: "image/svg+xml", body });
  });
  return {
    asked,
    hold() {
      let release;
      gate = new Promise((resolve) => (release = resolve));
      return release;
    },
  };
}

/** Where a message shows such a picture. */
export const picture = (colour, width, height, members) => ({
  text: `https://shop.example/${colour}-${width}x${height}.svg#${width}x${height}`,
  contentType: "image/svg+xml",
  meta: { title: `${colour}.svg` },
  ...members,
});
