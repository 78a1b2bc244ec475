// Light, dark, or as the system says. The choice is kept by the browser.

const order = ["system", "dark", "light"];

/** Has a button switch the theme; `changed` is called when colours are others than before. */
export function keepTheme(button, changed) {
  let theme = order.includes(localStorage.getItem("theme")) ? localStorage.getItem("theme") : "system";
  const apply = () => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
    changed();
  };
  button.addEventListener("click", () => {
    theme = order[(order.indexOf(theme) + 1) % order.length];
    localStorage.setItem("theme", theme);
    apply();
  });
  for (const query of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"]) matchMedia(query).addEventListener("change", changed);
  apply();
}
