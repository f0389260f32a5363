using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire;

/// <summary>Tells the 404 of a server's router, which has no such address, from that of an endpoint, which has no such model or answer.</summary>
/// <remarks>
/// Routers say it in few words: "404 page not found" (Ollama), <c>{"detail":"Not Found"}</c> (vLLM), "Unexpected endpoint or
/// method. (POST /v1/messages)" (LM Studio), "File Not Found" (llama.cpp), "Invalid URL (POST /v1/…)" (OpenAI), a proxy's page,
/// or nothing. Endpoints name what they lack: "model 'm' not found" (Ollama), "The model `m` does not exist." (vLLM),
/// "Response with id 'r' not found." Whatever is not known to be a router's is an endpoint's: to take it for a router's would
/// send every other model of the server to an endpoint that holds less.
/// </remarks>
internal static class MissingEndpoint
{
    private const string Unexpected = "unexpected endpoint";

    private static readonly string[] Whole = ["not found", "404 not found", "file not found"];

    private static readonly string[] Signs =
        ["page not found", Unexpected, "invalid url", "request url", "requested url", "no route", "route not found", "cannot post", "endpoint not found", "no such endpoint", "unknown endpoint"];

    /// <summary>Whether a reply is the router's.</summary>
    /// <param name="status">404 or 405.</param>
    /// <param name="body">The body as it came.</param>
    /// <param name="model">The model that was asked for, by the name that was sent.</param>
    /// <param name="below">Whether the address stands below another format's, where most servers have nothing: anything that does not name the model will do.</param>
    public static bool IsTold(int status, ReadOnlySpan<byte> body, string model, bool below)
    {
        var said = ErrorBody.Read(body);
        if (said.Code is "model_not_found" || Has(said.Message, "model") || Has(said.Message, model))
        {
            return false;
        }

        return below || status == 405 || string.IsNullOrWhiteSpace(said.Message) || IsRouters(said.Message);
    }

    /// <summary>Whether an error that came with status 200 is the router's, as LM Studio's is.</summary>
    public static bool IsTold(string message) => message.StartsWith(Unexpected, StringComparison.OrdinalIgnoreCase);

    private static bool IsRouters(string message)
    {
        var words = message.AsSpan().Trim().TrimEnd('.');
        foreach (var whole in Whole)
        {
            if (words.Equals(whole, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        foreach (var sign in Signs)
        {
            if (Has(message, sign))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Has(string? text, string sign) => text?.Contains(sign, StringComparison.OrdinalIgnoreCase) == true;
}
