using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Gateway.Asides;
using Sommelier.Ledger;
using Sommelier.Routing;
using Sommelier.Wire;
using Sommelier.Wire.Json;

namespace Sommelier.Gateway.Caching.Similar;

/// <summary>Finds stored answers to requests that are the same but for the words of their last turn, where the two turns say almost the same.</summary>
/// <remarks>
/// Compared are only turns whose requests share everything else to the byte: the tenant, the policy, the model, the instructions, the turns before, the
/// settings; and whose <see cref="FixedWords"/> are the same. What is alike in the rest is told by the vectors of an embedding model of the user's choice. Never
/// fails a request: where no vector comes in time, the request goes to a provider.
/// </remarks>
internal sealed class SimilarAnswers(AsideCalls calls, GatewayServices services)
{
    /// <summary>The longest turn that is compared, in characters: one vector says less of a longer one.</summary>
    public const int LongestTurn = 2_000;

    private const int MostDimensions = 8_192;

    private static readonly IWireFormat Format = WireFormats.Get("openai-embeddings");

    private readonly SimilarIndex index = new(SimilarIndex.DefaultMaxBytes, services.Time);

    /// <summary>Has a vector made of a request's last turn; null where there is none to compare, or none could be made.</summary>
    public async ValueTask<SimilarTurn?> ReadAsync(Flight flight, SimilarSettings settings, CancellationToken cancellationToken)
    {
        if (!CanCompare(flight.Outline!))
        {
            return null;
        }

        // A format that does not tell where they stand has nothing to compare.
        var tail = flight.Outline!.Tail;
        var texts = LastUserTexts.Of(tail, flight.Body.Span);
        if (texts.Count == 0 || AnswerKey.Around(flight, texts, $"{settings.Model}\n{FixedWords.Of(tail.LastUser)}") is not { } frame)
        {
            return null;
        }

        try
        {
            return await VectorAsync(flight, settings, tail.LastUser, cancellationToken) is { } vector ? new(frame, vector) : null;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is not OutOfMemoryException)
        {
            // Whatever breaks here breaks no request; what nobody expected is told by the log.
            services.ReportInternal(flight.Call.RequestId, failure);
            return null;
        }
    }

    /// <summary>The answer to the nearest turn; null when none is near enough.</summary>
    public SimilarAnswer? Nearest(SimilarTurn turn, SimilarSettings settings) => index.Nearest(turn, settings.AtLeast);

    /// <summary>Notes which answer was given to a turn.</summary>
    public void Keep(SimilarTurn turn, AnswerKey answer, DateTimeOffset until) => index.Keep(turn, answer, until);

    // Tools and media are more than the words of a turn; a begun answer is not the last turn.
    private static bool CanCompare(RequestOutline outline) =>
        outline is { Operation: Operation.Chat, ToolCount: 0, ToolsUsed: false, MediaCount: 0, Prefill: false, Choices: 1, Tail.LastUser.Length: > 0 and <= LongestTurn };

    private async ValueTask<float[]?> VectorAsync(Flight flight, SimilarSettings settings, string text, CancellationToken cancellationToken)
    {
        // Vectors are asked for by a model's name.
        var query = flight.Decision!.Query with { Model = settings.Model };
        var asked = Ask(settings.Model, text);
        var signals = services.ReadSignals(flight.Snapshot, Format.Requests.Outline(asked.Span, default), CallerHints.None);
        if (AsideCall.Decide(query, settings.Model, signals) is not { } decision)
        {
            return null;
        }

        var call = new AsideCall
        {
            Original = flight,
            Endpoint = LedgerEntry.SimilarEndpoint,
            Format = Format,
            Body = asked,
            Decision = decision,
            Timeout = GatewayServices.LimitsFor(flight).FirstChunkWithin is { } first && first < settings.Timeout ? first : settings.Timeout,
        };
        var (vector, _) = await calls.AskAsync(call, Read, cancellationToken);
        return vector;
    }

    private static ReadOnlyMemory<byte> Ask(string model, string text)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("model", model);
            writer.WriteString("input", text);
            writer.WriteEndObject();
        }

        return body.WrittenMemory;
    }

    // Of length one; null when it has no direction.
    private static float[]? Read(ReadOnlySpan<byte> answer)
    {
        if (Format.Responses.Read(answer, WireQuirks.Default).Embeddings is not [var embedding, ..] || embedding.Vector.Length is 0 or > MostDimensions)
        {
            return null;
        }

        var vector = embedding.Vector.ToArray();
        var length = Math.Sqrt(vector.Sum(static number => (double)number * number));
        if (length == 0 || !double.IsFinite(length))
        {
            return null;
        }

        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = (float)(vector[i] / length);
        }

        return vector;
    }
}
