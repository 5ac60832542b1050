// A photograph, near enough: hills in the evening, painted by the browser.

/** A file of 480 by 360 pixels. */
export async function photograph(page, name = "garden.png") {
  const data = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 480, height: 360 });
    const paint = canvas.getContext("2d");
    const sky = paint.createLinearGradient(0, 0, 0, 260);
    for (const [at, colour] of ["#3f5f8f", "#c98f7a", "#f6d9a8"].entries()) sky.addColorStop(at / 2, colour);
    paint.fillStyle = sky;
    paint.fillRect(0, 0, 480, 360);
    paint.fillStyle = "#fff1cf";
    paint.arc(330, 190, 26, 0, 2 * Math.PI);
    paint.fill();
    for (const [at, colour] of ["#6f7f86", "#4f6b5c", "#2f4a3a"].entries()) {
      paint.fillStyle = colour;
      paint.beginPath();
      paint.moveTo(0, 360);
      for (let x = 0; x <= 480; x += 8) paint.lineTo(x, 215 + 45 * at + 22 * Math.sin(x / (95 - 18 * at) + 2 * at));
      paint.lineTo(480, 360);
      paint.fill();
    }
    return canvas.toDataURL().split(",")[1];
  });
  return { name, mimeType: "image/png", buffer: Buffer.from(data, "base64") };
}
