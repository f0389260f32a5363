using System.Buffers;
using System.Data.Common;
using Sommelier.Canonical;
using Sommelier.Wire.OpenAIResponses;

namespace Sommelier.Gateway.Kept;

/// <summary>
/// Serves callers who continue an earlier answer by its id: the conversation is written out before it is routed, so that
/// any provider can go on with it.
/// </summary>
/// <remarks>
/// A vendor's own storage cannot serve them: it belongs to the gateway's key, so that one caller could continue another's
/// conversation, and the next answer may come from another vendor.
/// </remarks>
/// <param name="store">Null: nothing is kept, and continuing is refused.</param>
/// <param name="time">The clock.</param>
internal sealed class KeptAnswers(IResponseStore? store, TimeProvider time) : IAsyncDisposable
{
    private const string Remedy = "Send the earlier items in 'input', or set server.responses.store to 'memory', 'file' or 'shared' so that the gateway keeps answers.";

    /// <summary>Writes out what a request names; does nothing to one that holds everything.</summary>
    /// <exception cref="GatewayException">The earlier answer is not here: names the remedy.</exception>
    public async ValueTask ExpandAsync(Flight flight, CancellationToken cancellationToken)
    {
        var outline = flight.Outline!;
        if (outline.PreviousResponseId is null && (store is null || !outline.HasReferences))
        {
            return;
        }

        var previous = outline.PreviousResponseId is { } id ? await PreviousAsync(flight.Caller!.Id, id, cancellationToken) : null;
        var items = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var reference in ResponsesConversation.References(flight.Body.Span, outline))
        {
            // An unknown one stays: the vendor may know it.
            if (await ReadAsync(store!.FindItemAsync(flight.Caller!.Id, reference, cancellationToken)) is { } json)
            {
                items[reference] = json;
            }
        }

        flight.Body = ResponsesConversation.Expand(flight.Body, outline, previous?.Input ?? default, previous?.Response ?? default, items);
        flight.Outline = flight.Call.Format.Requests.Outline(flight.Body.Span, flight.Call.Path);
    }

    /// <summary>Whether the answer to a request is to be kept.</summary>
    public bool Wants(Flight flight) => store is not null && flight.Outline!.Keep;

    /// <summary>Keeps an answer.</summary>
    /// <param name="flight">What it answers.</param>
    /// <param name="reply">The caller's bytes: all of them, or the events in which a stream ends.</param>
    /// <returns>False when they are not a whole answer.</returns>
    public async ValueTask<bool> KeepAsync(Flight flight, ReadOnlyMemory<byte> reply)
    {
        if (store is null || Read(flight, reply) is not { } answer)
        {
            return false;
        }

        // That it is kept does not depend on a caller who leaves now.
        await store.KeepAsync(flight.Caller!.Id, answer, CancellationToken.None);
        return true;
    }

    /// <summary>An answer of a caller; null when there is none.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> FindAsync(string callerId, string id, CancellationToken cancellationToken) =>
        store is not null && await ReadAsync(store.FindAsync(callerId, id, cancellationToken)) is { } kept ? kept.Response : default(ReadOnlyMemory<byte>?);

    /// <summary>A page of the items that led to an answer of a caller; null when there is no such answer.</summary>
    /// <exception cref="Wire.WireException">The page begins after an item that is not among them.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> InputItemsAsync(string callerId, string id, ItemPage page, CancellationToken cancellationToken)
    {
        if (store is null || await ReadAsync(store.FindAsync(callerId, id, cancellationToken)) is not { } kept)
        {
            return null;
        }

        var output = new ArrayBufferWriter<byte>(kept.Input.Length + 256);
        ResponsesInputItems.Write(kept.Input, id, page, output);
        return output.WrittenMemory;
    }

    /// <summary>Forgets an answer of a caller; false when there is none.</summary>
    public async ValueTask<bool> DeleteAsync(string callerId, string id, CancellationToken cancellationToken) =>
        store is not null && await ReadAsync(store.DeleteAsync(callerId, id, cancellationToken));

    /// <summary>What a caller is told of an answer that is not here.</summary>
    public GatewayError NotFound(string id, string? field, int status) => new(
        status == 404 ? GatewayErrorKind.EndpointNotFound : GatewayErrorKind.InvalidRequest,
        store is null
            ? $"Answers are not kept here, so '{Short(id)}' is not known. {Remedy}"
            : $"No answer '{Short(id)}' of yours is kept. Answers with store: false, and those older than server.responses.retention, are not.",
        status,
        field,
        status == 404 ? "response_not_found" : "previous_response_not_found");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => store?.DisposeAsync() ?? default;

    private async ValueTask<KeptAnswer> PreviousAsync(string callerId, string id, CancellationToken cancellationToken) =>
        (store is null ? null : await ReadAsync(store.FindAsync(callerId, id, cancellationToken)))
        ?? throw new GatewayException(NotFound(id, "previous_response_id", 400));

    // That an answer is not here and that nobody can say are two things: who is told the first will not come back.
    private static async ValueTask<T> ReadAsync<T>(ValueTask<T> asked)
    {
        try
        {
            return await asked;
        }
        catch (DbException)
        {
            throw new GatewayException(new(
                GatewayErrorKind.Internal,
                "The database of kept answers does not answer. Try again, or send the earlier items in 'input'.",
                503,
                Code: "kept_answers_unavailable",
                RetryAfter: TimeSpan.FromSeconds(5)));
        }
    }

    private KeptAnswer? Read(Flight flight, ReadOnlyMemory<byte> reply)
    {
        var response = ResponsesFinal.Of(reply.Span, flight.Outline!.Stream);
        if (response.Length == 0 || ResponsesFinal.Id(response) is not { } id)
        {
            return null;
        }

        return new KeptAnswer(id, time.GetUtcNow(), ResponsesConversation.Input(flight.Body.Span, flight.Outline), response)
        {
            Items = ResponsesFinal.Items(response),
        };
    }

    private static string Short(string id) => id.Length <= 80 ? id : string.Concat(id.AsSpan(0, 77), "...");
}
