using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire;

/// <summary>
/// A conversation that an application (a LangGraph server, a Dify app) keeps, as a caller names it: in the <c>metadata</c> that
/// OpenAI's formats let callers send.
/// </summary>
internal static class NamedConversation
{
    private const string Metadata = "metadata";

    /// <summary>Its id; null when the caller names none.</summary>
    /// <param name="request">The caller's request.</param>
    /// <param name="name">The application's word for it, e.g. <c>thread_id</c>.</param>
    public static string? Of(ChatRequest request, string name)
    {
        if (Extras.Find(request.Extra, Metadata) is not { } json)
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        return document.RootElement.Text(name) is { Length: > 0 } id ? id : null;
    }

    /// <summary>A request of which only what follows the last answer is left: the application holds the rest.</summary>
    /// <remarks>Instructions belong to the beginning of a conversation.</remarks>
    public static ChatRequest News(ChatRequest request, ICollection<Warning> warnings)
    {
        var last = request.Messages.Count - 1;
        while (last >= 0 && request.Messages[last].Role != Role.Assistant)
        {
            last--;
        }

        if (last < 0 || last == request.Messages.Count - 1)
        {
            return request;
        }

        warnings.Add(new Warning("emulated", "messages", "the application holds the conversation; what follows its last answer was sent"));
        return request with { SystemInstructions = [], Messages = [.. request.Messages.Skip(last + 1)] };
    }

    /// <summary>A request without the metadata that named the conversation, as far as that was all it said.</summary>
    public static ChatRequest Told(ChatRequest request, string name)
    {
        using var document = JsonDocument.Parse(Extras.Find(request.Extra, Metadata)!);
        return document.RootElement.EnumerateObject().All(member => member.NameEquals(name))
            ? request with { Extra = Extras.Without(request.Extra, Metadata) }
            : request;
    }
}
