// Sign-in at the bench: a scanned badge goes into its field wherever the focus is, then the PIN is next.
import { Scanner } from "./scanner.js";
const badge = document.getElementById("badge");
const pin = document.getElementById("pin");
new Scanner({
  scanned: (code) => { badge.value = code; pin.value = ""; pin.focus(); },
  garbage: () => {},
  key: () => {},
});
if (!document.querySelector("[data-focus]")) (badge.value ? pin : badge).focus();
