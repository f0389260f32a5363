using Sommelier.Canonical;
using Sommelier.Wire.CustomTools;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>
/// Follows the tool calls of one stream. Servers differ: the index may be missing or 0 for every call, the id may come
/// again, be null or never come, the name may be empty in later pieces, and a call may come whole.
/// </summary>
internal sealed class ToolCallTracker
{
    private readonly List<Call> calls = [];

    /// <summary>How many calls there are.</summary>
    public int Count => calls.Count;

    /// <summary>Takes a piece and says what it completes.</summary>
    public void Add(in ToolCallPiece piece, DeltaReader parts, ICollection<ChatDelta> output)
    {
        var call = Find(piece);
        if (call is null)
        {
            call = new Call { Index = piece.Index };
            calls.Add(call);
        }

        call.Id ??= piece.Id;
        call.Name ??= piece.Name;
        call.Signature ??= piece.Signature;
        if (piece.IsCustom)
        {
            call.Input ??= new();
        }

        if (!call.Started && call.Name is not null)
        {
            Start(call, parts, output);
        }

        if (piece.Arguments is not { } arguments)
        {
            return;
        }

        arguments = call.Input?.Add(arguments) ?? arguments;

        if (call.Started)
        {
            output.Add(new ToolCallArgumentsDelta(call.Part, arguments));
        }
        else
        {
            call.Waiting += arguments;
        }
    }

    /// <summary>The answer ends: a call whose name never came is called by what there is.</summary>
    public void Flush(DeltaReader parts, ICollection<ChatDelta> output)
    {
        foreach (var call in calls)
        {
            if (!call.Started)
            {
                call.Name ??= "";
                Start(call, parts, output);
            }

            if (call.Input?.End() is { Length: > 0 } end)
            {
                output.Add(new ToolCallArgumentsDelta(call.Part, end));
            }
        }
    }

    private void Start(Call call, DeltaReader parts, ICollection<ChatDelta> output)
    {
        call.Started = true;
        call.Part = parts.NewToolPart(output);
        var isMadeUp = call.Id is null;
        call.Id ??= ToolCallIds.MakeUp(parts.AnswerId, calls.IndexOf(call));
        output.Add(new ToolCallStartDelta(call.Part, call.Id, call.Name!) { Signature = call.Signature, IsCustom = call.Input is not null, IsIdMadeUp = isMadeUp });
        if (call.Waiting is { } waiting)
        {
            call.Waiting = null;
            output.Add(new ToolCallArgumentsDelta(call.Part, waiting));
        }
    }

    private Call? Find(in ToolCallPiece piece)
    {
        if (piece.Id is { } id && calls.Find(call => string.Equals(call.Id, id, StringComparison.Ordinal)) is { } known)
        {
            return known;
        }

        var index = piece.Index;
        var same = index is null ? calls.Count > 0 ? calls[^1] : null : calls.FindLast(call => call.Index == index);

        // A second id and name under the same number, or no number at all, begin another call.
        var isOther = same is { Id: not null, Started: true } && piece.Id is not null;
        var isNamed = index is null && same is { Started: true } && piece.Name is not null;
        return isOther || isNamed ? null : same;
    }

    private sealed class Call
    {
        public int? Index { get; init; }

        public string? Id { get; set; }

        public string? Name { get; set; }

        public string? Signature { get; set; }

        public string? Waiting { get; set; }

        // A custom tool's text on its way into arguments; null for a function.
        public InputWrapper? Input { get; set; }

        public bool Started { get; set; }

        public int Part { get; set; }
    }
}
