using System.Globalization;
using Sommelier.Canonical;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Upstream;

/// <summary>
/// The calls of a translated answer as its caller should have them: by the caller's own names for the tools, and with ids that no
/// other call has, neither of this answer nor of the conversation, since some vendors give none and others count anew in every answer.
/// </summary>
/// <param name="renamed">Tools that the vendor knows under another name; null for none.</param>
/// <param name="call">What is answered. An answer that is read twice has the same ids.</param>
internal sealed class AnswerCalls(RenamedTools? renamed, InboundCall call)
{
    private readonly string answer = call.Reply.FallbackId;
    private HashSet<string>? used;

    /// <summary>A step of a stream.</summary>
    public ChatDelta Of(ChatDelta step) => step is ToolCallStartDelta start
        ? start with { Name = Name(start.Name), Id = Id(start.Id, start.IsIdMadeUp), IsIdMadeUp = false }
        : step;

    /// <summary>A whole answer, every choice of it.</summary>
    public ChatResponse Of(ChatResponse response)
    {
        if (response.Parts.Any(static part => part is ToolCallPart))
        {
            response = response with { Parts = [.. response.Parts.Select(Of)] };
        }

        return response.MoreChoices.Count == 0 ? response : response with { MoreChoices = [.. response.MoreChoices.Select(Of)] };
    }

    private ContentPart Of(ContentPart part) => part is ToolCallPart made
        ? made with { Name = Name(made.Name), Id = Id(made.Id, made.IsIdMadeUp), IsIdMadeUp = false }
        : part;

    private string Name(string name) => renamed?.Own(name) ?? name;

    private string Id(string id, bool isMadeUp)
    {
        used ??= [.. call.History.SelectMany(static message => message.Parts).OfType<ToolCallPart>().Select(static earlier => earlier.Id)];
        var own = isMadeUp ? ToolCallIds.MakeUp(answer, id) : id;
        for (var time = 2; !used.Add(own); time++)
        {
            own = ToolCallIds.MakeUp(answer, string.Create(CultureInfo.InvariantCulture, $"{id}/{time}"));
        }

        return own;
    }
}
