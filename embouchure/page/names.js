/** Names: how presets and setlists may be called, as the service has it. */

const PATTERN = "[a-z0-9][a-z0-9\\-]{0,31}";

/** What a field for a name takes, and says where it is given something else. */
export const NAME = {
  type: "text", pattern: PATTERN, required: true, autocomplete: "off", spellcheck: "false", autocapitalize: "none",
  title: "Use a to z, 0 to 9 and -, at most 32 of them, such as dark-reed.",
};

/** Whether a preset may be called so; what a lesson plays may not. @param {string} name */
export const isName = (name) => new RegExp(`^${PATTERN}$`, "v").test(name);
