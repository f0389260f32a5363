using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Upstream;

/// <summary>Writes what a deployment adds to an answer that another one began: no second beginning, the same numbers, one bill.</summary>
/// <remarks>Thinking of the second is left out: the caller's answer is past the place where it could stand.</remarks>
internal sealed class ContinuingEncoder : StreamEncoder
{
    private const string OfTheSecond = "of the deployment that went on with the answer";

    private readonly SentAnswer sent;
    private readonly Dictionary<int, int> parts = [];
    private readonly int firstText;
    private int next;
    private string repeated;

    /// <summary>Goes on with an answer.</summary>
    /// <param name="sent">What the caller has.</param>
    /// <param name="costUsd">What the request has cost by the second deployment's tokens; null for callers that do not want to know.</param>
    public ContinuingEncoder(SentAnswer sent, Func<Usage, decimal?>? costUsd)
    {
        this.sent = sent;
        (firstText, next) = (sent.TextPart, Math.Max(sent.Next, sent.TextPart + 1));
        var text = sent.Text;
        repeated = text[text.AsSpan().TrimEnd().Length..];
        var own = default(Usage);
        sent.CostUsd = costUsd is null ? null : _ => costUsd(own);
        Count = usage => own = usage;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Warning> Warnings => Lost.Count == 0 ? sent.Encoder.Warnings : [.. sent.Encoder.Warnings, .. Lost];

    private Action<Usage> Count { get; }

    /// <inheritdoc/>
    public override void Write(ChatDelta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case StartDelta:
                return;
            case ReasoningDelta:
                Lose("reasoning", OfTheSecond);

                return;
            case UsageDelta counts:
                Count(counts.Usage);
                delta = new UsageDelta(Sum(sent.Used, counts.Usage));
                break;
            case TextDelta text:
                if (Unrepeated(text.Text) is not { Length: > 0 } fresh)
                {
                    return;
                }

                delta = new TextDelta(PartOf(text.Index, isText: true), fresh);
                break;
            case CitationDelta cited:
                // Places in the text count from where this deployment began.
                delta = new CitationDelta(PartOf(cited.Index, isText: true), cited.Citation with { Start = null, End = null });
                break;
            case RefusalDelta refusal:
                delta = refusal with { Index = PartOf(refusal.Index) };
                break;
            case ToolCallStartDelta call:
                delta = call with { Index = PartOf(call.Index) };
                break;
            case ToolCallArgumentsDelta arguments:
                delta = arguments with { Index = PartOf(arguments.Index) };
                break;
            case PartEndDelta end:
                if (!parts.TryGetValue(end.Index, out var ended))
                {
                    return;
                }

                delta = new PartEndDelta(ended);
                break;
            case OpaqueDelta opaque:
                Lose(opaque.Type, OfTheSecond);
                return;
        }

        sent.Added |= delta is not UsageDelta;
        sent.Encoder.Write(delta, output);
    }

    /// <inheritdoc/>
    public override void WriteError(GatewayError error, IBufferWriter<byte> output) => sent.Encoder.WriteError(error, output);

    // The first text goes on with the part that is open.
    private int PartOf(int index, bool isText = false)
    {
        if (!parts.TryGetValue(index, out var own))
        {
            own = isText && !parts.ContainsValue(firstText) ? firstText : next++;
            parts.Add(index, own);
        }

        return own;
    }

    // Blanks at the end of what was sent are not shown to the model, see ContinuedRequest: it may write them again.
    private string Unrepeated(string text)
    {
        var at = 0;
        while (at < text.Length && repeated.Length > 0 && text[at] == repeated[0])
        {
            repeated = repeated[1..];
            at++;
        }

        if (at < text.Length)
        {
            repeated = "";
        }

        return text[at..];
    }

    private static Usage Sum(in Usage a, in Usage b) => new()
    {
        InputTokens = a.InputTokens + b.InputTokens,
        CacheReadInputTokens = a.CacheReadInputTokens + b.CacheReadInputTokens,
        CacheCreationInputTokens = a.CacheCreationInputTokens + b.CacheCreationInputTokens,
        CacheCreation1hInputTokens = a.CacheCreation1hInputTokens + b.CacheCreation1hInputTokens,
        InputAudioTokens = a.InputAudioTokens + b.InputAudioTokens,
        CacheReadInputAudioTokens = a.CacheReadInputAudioTokens + b.CacheReadInputAudioTokens,
        OutputTokens = a.OutputTokens + b.OutputTokens,
        ReasoningOutputTokens = a.ReasoningOutputTokens + b.ReasoningOutputTokens,
        OutputAudioTokens = a.OutputAudioTokens + b.OutputAudioTokens,
        WebSearches = a.WebSearches + b.WebSearches,
        Estimated = a.Estimated || b.Estimated,
    };
}
