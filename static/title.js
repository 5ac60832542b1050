// How many messages are unread, before the page's title.

const COUNT = /^\(\d+\+?\) /;

/** The page may change its title meanwhile: what it says then is kept. */
export const countInTitle = (unread) => {
  const title = document.title.replace(COUNT, "");
  const counted = unread ? `(${unread > 9 ? "9+" : unread}) ${title}` : title;
  if (document.title != counted) document.title = counted;
};
