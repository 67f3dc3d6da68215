import { UnsupportedError } from "../../check/errors.js";
import { text } from "../../check/kinds.js";
import { checkSurplus } from "../../check/surplus.js";
import { bytesOf } from "../bytes.js";

/** Long enough for every browser to have begun. */
const MILLISECONDS = 60_000;

interface Anchor {
  href: string;
  download: string;
  click(): void;
}

interface Page {
  createElement(name: "a"): Anchor;
}

/**
 * Gives a file to whoever looks at the page, as a download: `download(await save(model), "digits.safetensors")`.
 *
 * @param name that it is proposed by; default `model.safetensors`
 * @throws UnsupportedError where there is no page
 */
export function download(bytes: Uint8Array | ArrayBuffer, name = "model.safetensors"): void {
  checkSurplus("download", arguments, 2);
  text()("download", "name", name);
  const content = bytesOf("download", "a file", bytes);
  const { document } = globalThis as { readonly document?: Page };
  if (typeof document?.createElement !== "function") {
    throw new UnsupportedError(
      "download: there is no page here; needs one. In Node, Deno and Bun give save the path: save(model, { to: path }).",
    );
  }
  const address = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), MILLISECONDS);
}
