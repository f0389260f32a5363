using System.Collections.Concurrent;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Upstream.Media;
using Sommelier.Wire;
using Sommelier.Wire.Embeddings;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Upstream;

/// <summary>A caller's request as the attempt loop needs it: bytes, outline, and the parsed form when somebody asks for it.</summary>
internal sealed class InboundCall
{
    private ChatRequest? parsed;
    private AnswerForm? form;

    /// <summary>The caller's dialect.</summary>
    public required IWireFormat Format { get; init; }

    /// <summary>The body as it came. Owned by the edge until the call is over.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What one pass over the body told.</summary>
    public required RequestOutline Outline { get; init; }

    /// <summary>For the writers of the answer.</summary>
    public required ReplyContext Reply { get; init; }

    /// <summary>Whether to refuse with 400 rather than lose a field.</summary>
    public bool Strict { get; init; }

    /// <summary>Header fields of the caller that a provider of the same format gets too, e.g. <c>anthropic-beta</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ForwardedHeaders { get; init; } = [];

    /// <summary>What is remembered of the caller's sealed thinking.</summary>
    public CallSeals Seals { get; init; }

    /// <summary>Remembers the sealed thinking of an answer that was translated.</summary>
    public void Note(IReadOnlyList<ContentPart> parts)
    {
        if (Seals.Memory is { } memory)
        {
            memory.Note(Seals.Caller, parts, KeepsCallIds ? null : Request);
        }
    }

    /// <summary>Whether the ids of an answer's tool calls come back with the next request.</summary>
    public bool KeepsCallIds => Format.KeepsCallIds && !LegacyCalls.AreWanted(Reply);

    /// <summary>What may be fetched for targets that fetch nothing themselves.</summary>
    public MediaOptions Media { get; init; } = MediaOptions.Default;

    /// <summary>The most output tokens that the caller's budgets afford, where the caller set no limit; null for no limit.</summary>
    public int? OutputCap { get; init; }

    /// <summary>
    /// Asked before every call but the first of the plan's first: whether this deployment may be asked as well. Whoever is asked notes the
    /// call, so that it is not forgotten. Null: it may.
    /// </summary>
    public Func<Deployment, CancellationToken, ValueTask<bool>>? MayAskAnother { get; init; }

    /// <summary>Asked before a call beside one that runs: whether both can be paid to their full length. Notes it too. Null: nobody counts.</summary>
    public Func<Deployment, CancellationToken, ValueTask<bool>>? MayAskBeside { get; init; }

    /// <summary>What has been fetched so far, for all attempts; null while nothing has been.</summary>
    public ConcurrentDictionary<(string Uri, MediaKind Kind), FetchedFile>? Fetched { get; set; }

    /// <summary>Lets go of what has been fetched: nobody else will be asked.</summary>
    public void DropFetched()
    {
        if (Fetched is not { } files)
        {
            return;
        }

        Fetched = null;
        foreach (var (_, file) in files)
        {
            file.Dispose();
        }
    }

    /// <summary>Why the call's media cannot be fetched; null while nothing has failed.</summary>
    public WireException? FetchFailure { get; set; }

    /// <summary>What the caller has of an answer that broke, for the deployment that is to go on with it; null for a new answer.</summary>
    public SentAnswer? Sent { get; private init; }

    /// <summary>The same call, for somebody who goes on with a broken answer.</summary>
    public InboundCall Continuing(SentAnswer sent) => new()
    {
        Format = Format,
        Body = Body,
        Outline = Outline,
        Reply = Reply,
        Strict = Strict,
        ForwardedHeaders = ForwardedHeaders,
        Seals = Seals,
        Media = Media,
        OutputCap = OutputCap,
        MayAskAnother = MayAskAnother,
        Sent = sent,
        parsed = parsed,
    };

    /// <summary>A part of the same call for vectors as <see cref="Batch"/> makes it, of the caller's own bytes, for a provider of its dialect.</summary>
    /// <param name="from">Its first input, from 0.</param>
    /// <param name="count">How many there are in it.</param>
    public InboundCall Cut(int from, int count)
    {
        var body = EmbeddingsFormat.Cut(Body.Span, Outline.Member(((EmbeddingsFormat)Format).InputField)!.Value, from, count);
        return new()
        {
            Format = Format,
            Body = body,
            Outline = Format.Requests.Outline(body, Reply.Path),
            Reply = Reply,
            Strict = Strict,
            ForwardedHeaders = ForwardedHeaders,
        };
    }

    /// <summary>A part of the same call for vectors, for a provider that takes no more inputs at once.</summary>
    /// <param name="from">Its first input, from 0.</param>
    /// <param name="count">How many there are in it.</param>
    public InboundCall Batch(int from, int count)
    {
        var ask = Request.Embedding!;
        ask = ask with { Inputs = [.. ask.Inputs.Skip(from).Take(count)], TokenInputs = [.. ask.TokenInputs.Skip(from).Take(count)] };
        var bytes = ask.Inputs.Select(Encoding.UTF8.GetBytes).ToArray();
        return new()
        {
            Format = Format,
            Body = Body,
            Outline = new()
            {
                Model = Outline.Model,
                Operation = Outline.Operation,
                Inputs = count,
                TokenIds = ask.TokenInputs.Sum(static ids => ids.Count),
                TextBytes = bytes.Sum(static text => (long)text.Length),
                NonAsciiBytes = bytes.Sum(static text => TextCount.OutsideAscii(text)),
                EndUser = Outline.EndUser,
                FormatFlags = Outline.FormatFlags,
            },
            Reply = Reply,
            Strict = Strict,
            ForwardedHeaders = ForwardedHeaders,
            parsed = Request with { Embedding = ask },
        };
    }

    /// <summary>The request as a deployment gets it: with the beginning of its answer where it is to go on with one.</summary>
    public ChatRequest RequestFor(Deployment deployment) => Sent is { } sent ? ContinuedRequest.Of(Request, sent, deployment) : Request;

    /// <summary>The whole request, read at most once and only when a translation needs it.</summary>
    public ChatRequest Request => parsed ??= Capped(Format.Requests.Read(Body, Reply.Path));

    /// <summary>The conversation, where a translation has read it; else empty.</summary>
    public IReadOnlyList<Message> History => parsed?.Messages ?? [];

    /// <summary>The form that the answer must have, for targets that are only asked for it; null when any text will do.</summary>
    public AnswerForm? Form => form ??= AnswerForm.Of(Request.ResponseFormat, BegunAnswer.TextOf(Request));

    private ChatRequest Capped(ChatRequest request) => OutputCap is { } cap ? request with { MaxOutputTokens = cap } : request;
}
