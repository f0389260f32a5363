using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Upstream.Simulation;

/// <summary>An invented answer in the form that was asked for, which says that it is invented.</summary>
internal static class SimulatedAnswer
{
    private const int BytesPerToken = 4;

    /// <summary>The answer to a request whose body had so many bytes.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="requestBytes">The length of its body.</param>
    /// <param name="known">What is answered; null for a text that says that it is invented.</param>
    public static ChatResponse To(ChatRequest request, int requestBytes, IReadOnlyList<ContentPart>? known = null)
    {
        if (request.Embedding is { } ask)
        {
            return new ChatResponse
            {
                ResponseModel = request.OriginalModel,
                FinishReason = new(FinishReasonKind.Stop),
                Embeddings = SimulatedVectors.Of(ask),
                Usage = new Usage { InputTokens = Math.Max(1, (ask.Inputs.Sum(static text => text.Length) / BytesPerToken) + ask.TokenInputs.Sum(static ids => ids.Count)) },
            };
        }

        var parts = known ?? Parts(request);
        var outputTokens = Math.Max(1, parts.Sum(Length) / BytesPerToken);
        var cut = request.MaxOutputTokens is { } limit && outputTokens > limit;
        if (cut)
        {
            outputTokens = request.MaxOutputTokens!.Value;
            parts = [.. parts.Select(part => part is TextPart text ? text with { Text = text.Text[..Math.Min(text.Text.Length, outputTokens * BytesPerToken)] } : part)];
        }

        return new ChatResponse
        {
            ResponseModel = request.OriginalModel,
            Parts = parts,
            FinishReason = new(cut ? FinishReasonKind.Length : parts.Any(part => part is ToolCallPart) ? FinishReasonKind.ToolCalls : FinishReasonKind.Stop),
            Usage = new Usage { InputTokens = Math.Max(1, requestBytes / BytesPerToken), OutputTokens = outputTokens },
        };
    }

    /// <summary>The answer word by word.</summary>
    public static IEnumerable<ChatDelta> Deltas(ChatResponse answer)
    {
        for (var index = 0; index < answer.Parts.Count; index++)
        {
            switch (answer.Parts[index])
            {
                case TextPart text:
                    for (var at = 0; at < text.Text.Length;)
                    {
                        var space = text.Text.IndexOf(' ', at + 1);
                        var end = space < 0 ? text.Text.Length : space;
                        yield return new TextDelta(index, text.Text[at..end]);
                        at = end;
                    }

                    break;
                case ToolCallPart call:
                    yield return new ToolCallStartDelta(index, call.Id, call.Name);
                    yield return new ToolCallArgumentsDelta(index, call.Arguments);
                    break;
                default:
                    continue;
            }

            yield return new PartEndDelta(index);
        }
    }

    private static IReadOnlyList<ContentPart> Parts(ChatRequest request)
    {
        var mode = request.ToolChoice?.Mode;
        var tool = request.Tools.FirstOrDefault(tool => tool.Opaque is null && (mode != ToolChoiceMode.Named || string.Equals(tool.Name, request.ToolChoice!.Name, StringComparison.Ordinal)));
        var answered = request.Messages[^1].Role == Role.Tool || request.Messages[^1].Parts.Any(part => part is ToolCallResponsePart);
        if (tool is not null && mode != ToolChoiceMode.None && (!answered || mode is ToolChoiceMode.Named or ToolChoiceMode.Required))
        {
            return [new ToolCallPart("call_simulated1", tool.Name, SchemaExample.Of(tool.ParametersSchema))];
        }

        // A model keeps to what it is asked for in words too, also where the field beside them asks for less.
        var form = FormWords.AskedBy(request) ?? request.ResponseFormat;
        return form?.Kind switch
        {
            ResponseFormatKind.JsonSchema => [new TextPart(SchemaExample.Of(form.Schema))],
            ResponseFormatKind.JsonObject => [new TextPart("{\"simulated\":true}")],
            _ => [new TextPart(Text(request.OriginalModel))],
        };
    }

    private static string Text(string model) =>
        $"This is a simulated answer in the place of {model}: no model was asked and nothing was spent. "
        + "What brought the request here is real, though. It was classified, every deployment that must not serve it was "
        + "dropped, the rest was ranked by evidence and catalog price, and the order became the fallback plan. "
        + "The reply's x-sommelier headers name the model, the intent and the reason, and GET /v1/decisions with the "
        + "request id tells why each other candidate was placed or dropped. "
        + "Set a provider's key and run 'sommelier serve' to get answers that mean something.";

    private static int Length(ContentPart part) => part switch
    {
        TextPart text => text.Text.Length,
        ToolCallPart call => call.Name.Length + call.Arguments.Length,
        _ => 0,
    };
}
