/** `--name=value` and `--flag` from the command line, over `defaults`; a number where the default is one. */
export function readArguments(defaults) {
  const options = { json: false, ...defaults };
  for (const argument of process.argv.slice(2)) {
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/.exec(argument) ?? [];
    if (name === undefined || !(name in options)) {
      console.error(
        `Unknown argument ${argument}. Known: ${Object.keys(options)
          .map((key) => `--${key}`)
          .join(" ")}`,
      );
      process.exit(2);
    }
    options[name] = typeof options[name] === "number" ? Number(value) : (value ?? true);
  }
  return options;
}
