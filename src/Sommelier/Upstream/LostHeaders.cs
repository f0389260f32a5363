using Sommelier.Canonical;

namespace Sommelier.Upstream;

/// <summary>Header fields by which a caller changes what its own vendor does: nobody else understands them, and their loss is told.</summary>
internal static class LostHeaders
{
    private const string Betas = "anthropic-beta";

    // Betas that allow fields of the body, whose own loss is told where they are lost, or that change nothing of what is answered: by
    // the list of Anthropic's SDK (@anthropic-ai/sdk, AnthropicBeta) and what Claude Code sends.
    private static readonly string[] WithoutEffect =
    [
        "advanced-tool-use-", "advisor-tool-", "cache-diagnosis-", "claude-code-", "code-execution-", "compact-", "computer-use-", "context-management-", "effort-",
        "extended-cache-ttl-", "fast-mode-", "files-api-", "fine-grained-tool-streaming-", "inline-tools-", "mcp-client-", "message-batches-", "mid-conversation-",
        "model-context-window-exceeded-", "oauth-", "pdfs-", "prompt-caching-", "server-side-fallback-", "skills-", "structured-outputs-", "task-budgets-",
        "thinking-token-count-", "token-counting-", "token-efficient-tools-", "tool-search-tool-", "user-profiles-", "web-fetch-",
    ];

    /// <summary>Tells what is lost of the header fields of a caller whose request goes to a target of another format.</summary>
    public static void Warn(IReadOnlyList<KeyValuePair<string, string>> headers, ICollection<Warning> warnings)
    {
        foreach (var (name, value) in headers)
        {
            if (string.Equals(name, Betas, StringComparison.OrdinalIgnoreCase))
            {
                var lost = Split(value).Where(static beta => !WithoutEffect.Any(prefix => beta.StartsWith(prefix, StringComparison.Ordinal))).ToArray();
                if (lost.Length > 0)
                {
                    warnings.Add(new Warning("dropped", Betas, $"the target knows no betas of Anthropic's: {string.Join(", ", lost)}"));
                }
            }
            else if (!IsVersion(name, value))
            {
                warnings.Add(new Warning("dropped", name, $"the target does not know this header: {value}"));
            }
        }
    }

    /// <summary>The betas of a header field's value.</summary>
    public static string[] Split(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    // Which API is meant: that is known by the address here.
    private static bool IsVersion(string name, string value) => string.Equals(name, "anthropic-version", StringComparison.OrdinalIgnoreCase)
        || (string.Equals(name, "openai-beta", StringComparison.OrdinalIgnoreCase)
            && Split(value).All(static part => part.StartsWith("responses=", StringComparison.Ordinal) || part.StartsWith("assistants=", StringComparison.Ordinal)));
}
