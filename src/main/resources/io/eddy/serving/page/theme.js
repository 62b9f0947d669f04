// Applies the theme that the user chose before the page is drawn. Without a choice the style sheet
// follows the system.
(() => {
  const chosen = localStorage.getItem("eddy.theme");
  if (chosen === "dark" || chosen === "light") {
    document.documentElement.dataset.theme = chosen;
  }
})();
