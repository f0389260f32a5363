using Sommelier.Canonical;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Upstream;

/// <summary>
/// The calls of a translated answer as its caller should have them: by the caller's own names for the tools, and with ids that no
/// other answer has, where the vendor gave none.
/// </summary>
/// <param name="renamed">Tools that the vendor knows under another name; null for none.</param>
/// <param name="answer">The gateway's id of the answer. An answer that is read twice has the same ids.</param>
internal readonly struct AnswerCalls(RenamedTools? renamed, string answer)
{
    /// <summary>A step of a stream.</summary>
    public ChatDelta Of(ChatDelta step) => step is ToolCallStartDelta call && (renamed is not null || call.IsIdMadeUp)
        ? call with { Name = Name(call.Name), Id = Id(call.Id, call.IsIdMadeUp), IsIdMadeUp = false }
        : step;

    /// <summary>A whole answer, every choice of it.</summary>
    public ChatResponse Of(ChatResponse response)
    {
        if (response.Parts.Any(IsOther))
        {
            response = response with { Parts = [.. response.Parts.Select(Of)] };
        }

        return response.MoreChoices.Count == 0 ? response : response with { MoreChoices = [.. response.MoreChoices.Select(Of)] };
    }

    private bool IsOther(ContentPart part) => part is ToolCallPart call && (renamed is not null || call.IsIdMadeUp);

    private ContentPart Of(ContentPart part) => part is ToolCallPart call
        ? call with { Name = Name(call.Name), Id = Id(call.Id, call.IsIdMadeUp), IsIdMadeUp = false }
        : part;

    private string Name(string name) => renamed?.Own(name) ?? name;

    private string Id(string id, bool isMadeUp) => isMadeUp ? ToolCallIds.MakeUp(answer, id) : id;
}
