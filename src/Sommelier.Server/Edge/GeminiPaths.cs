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
    /// <summary>
    /// Reads a request's path; null when it is not Google's. <c>/v1/models</c> and <c>/v1/models/MODEL</c> are OpenAI's
    /// addresses too: there Google's clients are known by their headers (their SDK lists models at <c>/v1</c>).
    /// </summary>
    public static GeminiPath? Of(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        var model = Tail(path);
        if (model is null)
        {
            return null;
        }

        var colon = model.LastIndexOf(':');
        var method = colon >= 0 && IsMethod(model.AsSpan(colon + 1)) ? model[(colon + 1)..] : "";
        if (method.Length == 0 && path.StartsWith("/v1/", StringComparison.Ordinal) && !IsGoogles(request))
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

    private static bool IsGoogles(HttpRequest request) => request.Headers.ContainsKey("x-goog-api-key") || request.Headers.ContainsKey("x-goog-api-client");

    private static bool IsMethod(ReadOnlySpan<char> word) =>
        word is "generateContent" or "streamGenerateContent" or "countTokens" or "embedContent" or "batchEmbedContents" or "predict";

    // What stands after "models/" (or publishers/*/models/), or empty for the list itself.
    private static string? Tail(string path)
    {
        if (path is "/v1beta/models" or "/v1beta/models/" or "/v1/models")
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

            if (rest.StartsWith("projects/") || rest.StartsWith("publishers/"))
            {
                var at = rest.IndexOf("/models/");
                return at > 0 ? rest[(at + "/models/".Length)..].ToString() : null;
            }

            // Vercel's AI SDK leaves "models/" out when the id has a slash of its own.
            return rest.LastIndexOf(':') is > 0 and var colon && IsMethod(rest[(colon + 1)..]) ? rest.ToString() : null;
        }

        return null;
    }
}
