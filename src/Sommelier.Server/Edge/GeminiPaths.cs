using Sommelier.Canonical;

namespace Sommelier.Server.Edge;

/// <summary>
/// Google's addresses, which name the model and the method: <c>/v1beta/models/MODEL:METHOD</c>, and Vertex AI's longer
/// form of it that the SDK uses in its Vertex mode.
/// </summary>
/// <param name="Model">The model; empty for the list of models.</param>
/// <param name="Method">What is asked, e.g. <c>generateContent</c>; empty for facts about a model.</param>
internal readonly record struct GeminiPath(string Model, string Method)
{
    /// <summary>Reads a path; null when it is not Google's. <c>/v1/models/…</c> is theirs only with a method, else OpenAI's.</summary>
    public static GeminiPath? Of(string path)
    {
        var model = Tail(path);
        if (model is null)
        {
            return null;
        }

        var colon = model.LastIndexOf(':');
        var method = colon >= 0 && IsMethod(model.AsSpan(colon + 1)) ? model[(colon + 1)..] : "";
        if (method.Length == 0 && !path.StartsWith("/v1beta/", StringComparison.Ordinal))
        {
            return null;
        }

        var name = method.Length == 0 ? model : model[..colon];
        return new GeminiPath(name.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(name) : name, method);
    }

    /// <summary>What it says of a chat request: without <c>alt=sse</c> a stream is one JSON array.</summary>
    public CallPath Call(HttpRequest request)
    {
        var streamed = string.Equals(Method, "streamGenerateContent", StringComparison.Ordinal);
        return new CallPath(Model, streamed, streamed && request.Query["alt"] is not ["sse"] ? CallPath.JsonArray : null);
    }

    private static bool IsMethod(ReadOnlySpan<char> word) =>
        word is "generateContent" or "streamGenerateContent" or "countTokens" or "embedContent" or "batchEmbedContents";

    // What stands after "models/" (or publishers/*/models/), or empty for the list itself.
    private static string? Tail(string path)
    {
        if (path is "/v1beta/models" or "/v1beta/models/")
        {
            return "";
        }

        foreach (var version in (ReadOnlySpan<string>)["/v1beta/", "/v1/", "/v1beta1/"])
        {
            if (!path.StartsWith(version, StringComparison.Ordinal))
            {
                continue;
            }

            var rest = path.AsSpan(version.Length);
            if (rest.StartsWith("models/"))
            {
                return rest["models/".Length..].ToString();
            }

            var at = rest.IndexOf("/models/");
            return at > 0 && (rest.StartsWith("projects/") || rest.StartsWith("publishers/")) ? rest[(at + "/models/".Length)..].ToString() : null;
        }

        return null;
    }
}
