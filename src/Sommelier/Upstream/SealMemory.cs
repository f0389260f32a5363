using Sommelier.Canonical;

namespace Sommelier.Upstream;

/// <summary>
/// Remembers which sealed thinking led to a tool call, for clients that drop the fields that they do not know: when the
/// call comes back in the next request, its thinking and its seal are put back.
/// </summary>
/// <remarks>
/// A call is known by its id; where clients send none, by what it calls and all that was said before it (see
/// <see cref="TurnKeys"/>). Two answers of the same calls to the same conversation are not told apart then, and nothing is put back.
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
    private readonly Dictionary<(string Caller, string Key), Turn> withoutIds = [];
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
    /// <param name="conversation">What it answers, where the client may send no ids of calls; null elsewhere.</param>
    public void Note(string caller, IReadOnlyList<ContentPart> parts, ChatRequest? conversation = null)
    {
        // Only ids and seals: arguments come back with the request.
        var calls = parts.OfType<ToolCallPart>().Select(static call => new ToolCallPart(call.Id, "", "{}") { Signature = call.Signature }).ToArray();
        var thinking = parts.OfType<ReasoningPart>().Where(IsSealed).ToArray();
        if (calls.Length == 0 || (thinking.Length == 0 && !calls.Any(call => call.Signature is not null)))
        {
            return;
        }

        var key = conversation is null ? null : TurnKeys.Of(conversation, parts.OfType<ToolCallPart>());
        var size = (key?.Length ?? 0) + thinking.Sum(part => part.Text.Length + (part.Signature?.Length ?? 0) + (part.Redacted?.Length ?? 0)) + calls.Sum(static call => Overhead + call.Id.Length + (call.Signature?.Length ?? 0));
        var now = time.GetUtcNow();
        var turn = new Turn(caller, calls, thinking, size, now + Keep) { Key = key };
        lock (gate)
        {
            foreach (var call in calls)
            {
                turns[(caller, Key(call.Id))] = turn;
            }

            Hold(turn);
            if (key is not null)
            {
                HoldWithoutIds(turn, key, now);
            }

            Trim(now);
        }
    }

    /// <summary>A request with the thinking and the seals of one vendor that its client has dropped; the request itself when there are none.</summary>
    public ChatRequest Restore(string caller, ChatRequest request, string vendor)
    {
        Message[]? messages = null;
        using var keys = NeedsKeys(request) ? new TurnKeys(request.SystemInstructions) : null;
        for (var at = 0; at < request.Messages.Count; at++)
        {
            var message = request.Messages[at];
            if (message.Role == Role.Assistant && Find(caller, message, keys) is { } turn && turn.Complete(message, vendor) is { } whole)
            {
                messages ??= [.. request.Messages];
                messages[at] = whole;
            }

            keys?.Add(message);
        }

        return messages is null ? request : request with { Messages = messages };
    }

    private static bool IsSealed(ReasoningPart part) => part.Signature is not null || part.Redacted is not null;

    private void Hold(Turn turn)
    {
        oldest.Enqueue(turn);
        characters += turn.Size;
    }

    // The same calls once more, by other thinking: whose it is nobody can tell, so the place is taken by a turn without any.
    private void HoldWithoutIds(Turn turn, string key, DateTimeOffset now)
    {
        var place = (turn.Caller, key);
        if (withoutIds.TryGetValue(place, out var before) && before.Until > now && !before.IsSealedAs(turn))
        {
            var nobody = new Turn(turn.Caller, [], [], Overhead, turn.Until) { Key = key };
            withoutIds[place] = nobody;
            Hold(nobody);
            return;
        }

        withoutIds[place] = turn;
    }

    private bool NeedsKeys(ChatRequest request)
    {
        lock (gate)
        {
            if (withoutIds.Count == 0)
            {
                return false;
            }
        }

        return request.Messages.Any(static message => message.Parts.Any(static part => part is ToolCallPart { IsIdMadeUp: true }));
    }

    private Turn? Find(string caller, Message message, TurnKeys? keys)
    {
        var calls = message.Parts.OfType<ToolCallPart>().ToArray();
        if (calls.Length == 0)
        {
            return null;
        }

        // An id of the reader's own making may be another call's.
        var isNameless = Array.Exists(calls, static call => call.IsIdMadeUp);
        var key = isNameless ? keys?.Of(calls) : Key(calls[0].Id);
        if (key is null)
        {
            return null;
        }

        lock (gate)
        {
            return (isNameless ? withoutIds : turns).TryGetValue((caller, key), out var turn) && turn.Until > time.GetUtcNow() ? turn : null;
        }
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

            if (first.Key is not null && withoutIds.TryGetValue((first.Caller, first.Key), out var named) && ReferenceEquals(named, first))
            {
                withoutIds.Remove((first.Caller, first.Key));
            }
        }
    }

    // Dialects allow different letters in ids, and writers replace those that theirs does not.
    private static string Key(string id) => Wire.AnthropicMessages.AnthropicIds.ToolCall(id);

    private sealed record Turn(string Caller, ToolCallPart[] Calls, ReasoningPart[] Thinking, int Size, DateTimeOffset Until)
    {
        // What it is known by where there are no ids; null where there are.
        public string? Key { get; init; }

        public bool IsSealedAs(Turn other) =>
            Thinking.SequenceEqual(other.Thinking) && Calls.Select(static call => call.Signature).SequenceEqual(other.Calls.Select(static call => call.Signature), StringComparer.Ordinal);

        // Null when the message is complete, or what is missing is another vendor's.
        public Message? Complete(Message message, string vendor)
        {
            var thinking = message.Parts.Any(part => part is ReasoningPart own && IsSealed(own))
                ? []
                : Array.FindAll(Thinking, part => string.Equals(part.Vendor, vendor, StringComparison.Ordinal));
            var changed = thinking.Length > 0;
            var parts = new List<ContentPart>(thinking);
            var at = 0;
            foreach (var part in message.Parts)
            {
                var place = part is ToolCallPart ? at++ : -1;
                if (part is ReasoningPart && thinking.Length > 0)
                {
                    // The same thinking without its seal.
                    continue;
                }

                var seal = part is ToolCallPart { Signature: null } call && string.Equals(vendor, Wire.Seals.Google, StringComparison.Ordinal) ? SealOf(call, place) : null;
                changed |= seal is not null;
                parts.Add(seal is null ? part : (ToolCallPart)part with { Signature = seal });
            }

            return changed ? message with { Parts = parts } : null;
        }

        private string? SealOf(ToolCallPart call, int place) => call.IsIdMadeUp
            ? Calls.ElementAtOrDefault(place)?.Signature
            : Array.Find(Calls, known => string.Equals(SealMemory.Key(known.Id), SealMemory.Key(call.Id), StringComparison.Ordinal))?.Signature;
    }
}

/// <summary>The memory as one call sees it.</summary>
/// <param name="Memory">The memory.</param>
/// <param name="Caller">Whose call it is.</param>
internal readonly record struct CallSeals(SealMemory? Memory, string Caller)
{
    /// <summary>A request as a target wants it whose format takes a vendor's seals; null takes nobody's.</summary>
    public ChatRequest Restore(ChatRequest request, string? vendor) =>
        Memory is not null && vendor is not null ? Memory.Restore(Caller, request, vendor) : request;
}
