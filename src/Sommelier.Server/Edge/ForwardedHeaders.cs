namespace Sommelier.Server.Edge;

/// <summary>The few request headers that a provider of the caller's own dialect gets too.</summary>
internal static class ForwardedHeaders
{
    // Only what changes the meaning of a request. Credentials, cookies and addresses of the caller never leave the house.
    private static readonly string[] Names = ["anthropic-beta", "anthropic-version", "openai-beta", "x-vertex-ai-llm-request-type", "x-vertex-ai-llm-shared-request-type"];

    /// <summary>Those that the request has.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(IHeaderDictionary headers)
    {
        List<KeyValuePair<string, string>>? found = null;
        foreach (var name in Names)
        {
            if (headers.TryGetValue(name, out var values) && values.Count > 0)
            {
                (found ??= []).Add(new(name, values.ToString()));
            }
        }

        return found is null ? [] : found;
    }
}
