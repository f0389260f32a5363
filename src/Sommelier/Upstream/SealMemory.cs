using Sommelier.Canonical;

namespace Sommelier.Upstream;

/// <summary>
/// Remembers which sealed thinking led to a tool call, for clients that drop the fields that they do not know: when the
/// call comes back in the next request, its thinking and its seal are put back.
/// </summary>
/// <remarks>
/// In memory, bounded by size and age, oldest out first, apart for each caller. A gateway that was restarted has
/// forgotten: the vendor then gets the conversation without the thinking, as it would from such a client directly.
/// Safe for use by many threads at once.
/// </remarks>
internal sealed class SealMemory(TimeProvider time)
{
    /// <summary>How long a call is remembered.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromHours(6);

    /// <summary>The most characters that are held.</summary>
    public const long MaxCharacters = 32 * 1024 * 1024;

    // What a call's entry weighs beside its texts, in characters, about.
    private const int Overhead = 128;

    private readonly Lock gate = new();
    private readonly Dictionary<(string Caller, string CallId), Turn> turns = [];
    private readonly Queue<Turn> oldest = new();
    private long characters;

    /// <summary>How many turns are remembered.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return oldest.Count;
            }
        }
    }

    /// <summary>Remembers an answer, if it calls tools and is sealed.</summary>
    /// <param name="caller">Whose it is; nobody else's request is ever completed from it.</param>
    /// <param name="parts">The answer.</param>
    public void Note(string caller, IReadOnlyList<ContentPart> parts)
    {
        // Only ids and seals: arguments come back with the request.
        var calls = parts.OfType<ToolCallPart>().Select(static call => new ToolCallPart(call.Id, "", "{}") { Signature = call.Signature }).ToArray();
        var thinking = parts.OfType<ReasoningPart>().Where(IsSealed).ToArray();
        if (calls.Length == 0 || (thinking.Length == 0 && !calls.Any(call => call.Signature is not null)))
        {
            return;
        }

        var size = thinking.Sum(part => part.Text.Length + (part.Signature?.Length ?? 0) + (part.Redacted?.Length ?? 0)) + calls.Sum(static call => Overhead + call.Id.Length + (call.Signature?.Length ?? 0));
        var turn = new Turn(caller, calls, thinking, size, time.GetUtcNow() + Keep);
        lock (gate)
        {
            foreach (var call in calls)
            {
                turns[(caller, Key(call.Id))] = turn;
            }

            oldest.Enqueue(turn);
            characters += size;
            Trim(time.GetUtcNow());
        }
    }

    /// <summary>A request with the thinking and the seals of one vendor that its client has dropped; the request itself when there are none.</summary>
    public ChatRequest Restore(string caller, ChatRequest request, string vendor)
    {
        Message[]? messages = null;
        for (var at = 0; at < request.Messages.Count; at++)
        {
            var message = request.Messages[at];
            if (message.Role == Role.Assistant && Find(caller, message) is { } turn && turn.Complete(message, vendor) is { } whole)
            {
                messages ??= [.. request.Messages];
                messages[at] = whole;
            }
        }

        return messages is null ? request : request with { Messages = messages };
    }

    private static bool IsSealed(ReasoningPart part) => part.Signature is not null || part.Redacted is not null;

    private Turn? Find(string caller, Message message)
    {
        foreach (var part in message.Parts)
        {
            if (part is ToolCallPart call)
            {
                lock (gate)
                {
                    return turns.TryGetValue((caller, Key(call.Id)), out var turn) && turn.Until > time.GetUtcNow() ? turn : null;
                }
            }
        }

        return null;
    }

    private void Trim(DateTimeOffset now)
    {
        while (oldest.TryPeek(out var first) && (characters > MaxCharacters || first.Until <= now))
        {
            oldest.Dequeue();
            characters -= first.Size;
            foreach (var call in first.Calls)
            {
                if (turns.TryGetValue((first.Caller, Key(call.Id)), out var held) && ReferenceEquals(held, first))
                {
                    turns.Remove((first.Caller, Key(call.Id)));
                }
            }
        }
    }

    // Dialects allow different letters in ids, and writers replace those that theirs does not.
    private static string Key(string id) => Wire.AnthropicMessages.AnthropicIds.ToolCall(id);

    private sealed record Turn(string Caller, ToolCallPart[] Calls, ReasoningPart[] Thinking, int Size, DateTimeOffset Until)
    {
        // Null when the message is complete, or what is missing is another vendor's.
        public Message? Complete(Message message, string vendor)
        {
            var thinking = message.Parts.Any(part => part is ReasoningPart own && IsSealed(own))
                ? []
                : Array.FindAll(Thinking, part => string.Equals(part.Vendor, vendor, StringComparison.Ordinal));
            var changed = thinking.Length > 0;
            var parts = new List<ContentPart>(thinking);
            foreach (var part in message.Parts)
            {
                if (part is ReasoningPart && thinking.Length > 0)
                {
                    // The same thinking without its seal.
                    continue;
                }

                var seal = part is ToolCallPart { Signature: null } call && string.Equals(vendor, Wire.Seals.Google, StringComparison.Ordinal) ? SealOf(call.Id) : null;
                changed |= seal is not null;
                parts.Add(seal is null ? part : (ToolCallPart)part with { Signature = seal });
            }

            return changed ? message with { Parts = parts } : null;
        }

        private string? SealOf(string id) => Array.Find(Calls, call => string.Equals(Key(call.Id), Key(id), StringComparison.Ordinal))?.Signature;
    }
}

/// <summary>The memory as one call sees it.</summary>
/// <param name="Memory">The memory.</param>
/// <param name="Caller">Whose call it is.</param>
internal readonly record struct CallSeals(SealMemory? Memory, string Caller)
{
    /// <summary>Remembers an answer.</summary>
    public void Note(IReadOnlyList<ContentPart> parts) => Memory?.Note(Caller, parts);

    /// <summary>A request as a target wants it whose format takes a vendor's seals; null takes nobody's.</summary>
    public ChatRequest Restore(ChatRequest request, string? vendor) =>
        Memory is not null && vendor is not null ? Memory.Restore(Caller, request, vendor) : request;
}
