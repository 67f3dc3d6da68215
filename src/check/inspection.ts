/** What shows an object where it is printed: see `inspection`. */
export type Inspection = Readonly<Record<symbol, () => unknown>>;

/**
 * What `console.log` prints of an object, in place of its insides: the hooks of Node and Bun, of Deno, and of Deno's
 * kernel for Jupyter, which shows the picture beside the text where there is one.
 *
 * @param text what it is, in words
 * @param picture as SVG; where it fails there is the text alone
 */
export const inspection = (text: () => string, picture?: () => Promise<string>): Inspection => ({
  [Symbol.for("nodejs.util.inspect.custom")]: text,
  [Symbol.for("Deno.customInspect")]: text,
  [Symbol.for("Jupyter.display")]: async () => {
    const svg = await picture?.().catch(() => undefined);
    return { "text/plain": text(), ...(svg && { "image/svg+xml": svg }) };
  },
});
