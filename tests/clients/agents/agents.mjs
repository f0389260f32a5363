// The coding agents that are recorded: how each is started, so that it asks only the gateway, and which models it names.
const prompt = "Read hello.txt and say what it says.";
const content = "hello from the cellar";

/** How the double asks for a file, by the tools of the agents. */
export const calls = (file) => ({
  ToolSearch: { query: "select:TaskList" },
  Read: { file_path: file },
  exec_command: { cmd: `cat ${file}` },
  functions__exec: { input: `const r = await tools.exec_command({ cmd: "cat ${file}" });\ntext(r.output);` },
});

/** Where the file stands in a fixture. */
export const home = "/home/guest";
export const work = `${home}/cellar`;

/** Texts of our own, which a fixture may hold. */
export const ours = [prompt, content, ...Object.values(calls(`${work}/hello.txt`)).flatMap((call) => Object.values(call))];
export { content };

const quiet = { DISABLE_AUTOUPDATER: "1", DISABLE_TELEMETRY: "1", DISABLE_ERROR_REPORTING: "1", CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1" };
const codexConfig = (url) => `model_provider = "sommelier"
check_for_update_on_startup = false
[model_providers.sommelier]
name = "Sommelier"
base_url = "${url}/v1"
env_key = "SOMMELIER_KEY"
wire_api = "responses"
[analytics]
enabled = false
`;
const codex = (model) => ({
  arguments: ["exec", "--skip-git-repo-check", "-m", model, prompt],
  environment: () => ({ SOMMELIER_KEY: "caller-key" }),
  files: (url) => ({ ".codex/config.toml": codexConfig(url) }),
});

const claude = (more = {}) => (url) => ({ ANTHROPIC_BASE_URL: url, ANTHROPIC_AUTH_TOKEN: "caller-key", ...quiet, ...more });

export const agents = {
  "claude-code": {
    arguments: ["-p", prompt, "--model", "anthropic/claude-opus-5-5", "--allowedTools", "Read"],
    environment: claude(),
    files: () => ({}),
  },
  // Looks for its rarer tools instead of showing them all.
  "claude-code-tool-search": {
    arguments: ["-p", prompt, "--model", "anthropic/claude-opus-5-5", "--allowedTools", "Read"],
    environment: claude({ ENABLE_TOOL_SEARCH: "true" }),
    files: () => ({}),
  },
  // Counts the tokens of what it would send, piece by piece: two of the pieces are enough.
  "claude-code-context": {
    keep: 3,
    arguments: ["-p", "/context", "--model", "anthropic/claude-opus-5-5"],
    environment: claude(),
    files: () => ({}),
  },
  // Codex knows this name, and sends its tools as items of the input.
  codex: codex("chat/gpt-6-sol"),
  // It does not know this one.
  "codex-other-model": codex("auto"),
};
