/** What the text view says. */
export const words = {
  notLoaded: "The text editor did not load. Reload the window.",
};
