using System.Text.Json;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire;

/// <summary>Tells the 404 of a server's router, which has no such address, from that of an endpoint, which has no such model or answer.</summary>
/// <remarks>
/// Routers say it in few words: "404 page not found" (Ollama), <c>{"detail":"Not Found"}</c> (vLLM), "Unexpected endpoint or
/// method. (POST /v1/messages)" (LM Studio), "File Not Found" (llama.cpp), "Invalid URL (POST /v1/…)" (OpenAI), a proxy's page,
/// or nothing. Endpoints name what they lack: "model 'm' not found" (Ollama), "The model `m` does not exist." (vLLM),
/// "Response with id 'r' not found." Routers repeat addresses, which may hold the model's name ("Cannot POST /models/m:generateContent"):
/// only what is said beside them names it. Whatever is not known to be a router's is an endpoint's: to take it for a router's would
/// send every other model of the server to an endpoint that holds less.
/// </remarks>
internal static class MissingEndpoint
{
    private const string Unexpected = "unexpected endpoint";

    private static readonly string[] Whole = ["not found", "404 not found", "404 page not found", "file not found"];

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
        if (said.Code is "model_not_found")
        {
            return false;
        }

        var message = said.Message ?? "";
        return IsBare(message) || (!Names(message, model) && (below || status == 405 || HasSign(message)));
    }

    /// <summary>Whether a reply says nothing at all, or is JSON without a word in it: a router's, where the endpoint has not answered lately.</summary>
    public static bool IsSilent(ReadOnlySpan<byte> body)
    {
        body = body.Trim(" \t\r\n"u8);
        if (body.IsEmpty)
        {
            return true;
        }

        var reader = new Utf8JsonReader(body, JsonLimits.Reader);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String && !reader.ValueSpan.Trim(" \t\r\n"u8).IsEmpty)
                {
                    return false;
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether an error that came with status 200 is the router's, as LM Studio's is.</summary>
    public static bool IsTold(string message) => message.StartsWith(Unexpected, StringComparison.OrdinalIgnoreCase);

    // Nothing, or a router's words and no other.
    private static bool IsBare(string message)
    {
        var words = message.AsSpan().Trim().TrimEnd('.');
        foreach (var whole in Whole)
        {
            if (words.Equals(whole, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return words.IsEmpty;
    }

    private static bool HasSign(string message)
    {
        foreach (var sign in Signs)
        {
            if (message.Contains(sign, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    // Whether a message speaks of a model, or of this one, beside the addresses in it.
    private static bool Names(string message, string model)
    {
        foreach (var word in message.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var said = word.AsSpan().Trim("()[]{}\"'`,;:.!?");
            var isAddress = said.StartsWith('/') || said.Contains("://", StringComparison.Ordinal);
            if (isAddress ? said.Equals(model, StringComparison.OrdinalIgnoreCase) : said.Contains("model", StringComparison.OrdinalIgnoreCase) || Holds(said, model))
            {
                return true;
            }
        }

        // A name of several words.
        return model.Contains(' ', StringComparison.Ordinal) && message.Contains(model, StringComparison.OrdinalIgnoreCase);
    }

    // A name that stands by itself: "o3" is not in "so3n".
    private static bool Holds(ReadOnlySpan<char> word, string name)
    {
        var at = word.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        return at >= 0 && (at == 0 || !char.IsLetterOrDigit(word[at - 1])) && (at + name.Length == word.Length || !char.IsLetterOrDigit(word[at + name.Length]));
    }
}
