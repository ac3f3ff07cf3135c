/** Puts a value on the clipboard, and says so; where there is none (plain http), it selects the value instead. */
export const copyScript = `
for (const button of document.querySelectorAll("button[data-copy]")) {
  const label = button.textContent;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.copied;
      setTimeout(() => { button.textContent = label; }, 2000);
    } catch {
      getSelection().selectAllChildren(button.parentElement.querySelector("code"));
    }
  });
}
`;
