using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.AnthropicMessages;
using Sommelier.Wire.Gemini;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Upstream;

/// <summary>A whole answer as the steps of a stream, for a vendor that answered a stream request with one piece.</summary>
internal static class ResponseSteps
{
    /// <summary>The steps, end mark included.</summary>
    public static IEnumerable<ChatDelta> Of(ChatResponse response)
    {
        response = TokenLogProbs.Take(response, writer: null, out var tokens);
        yield return new StartDelta(response.Id, response.ResponseModel)
        {
            Created = response.Created,
            SystemFingerprint = response.SystemFingerprint,
            ServiceTier = response.ServiceTier,
            Conversation = response.Conversation,
        };
        for (var i = 0; i < response.Parts.Count; i++)
        {
            var own = AnthropicEventWriter.Fields(i, response.Parts[i]);
            if (own is not null)
            {
                yield return own;
            }

            foreach (var step in Of(response.Parts[i], i))
            {
                yield return step;
            }

            if (tokens is not null && response.Parts[i] is TextPart)
            {
                yield return new OpaqueDelta(OpenAIChatFormat.FormatName, TokenLogProbs.Name, TokenLogProbs.Chat(tokens));
                tokens = null;
            }

            foreach (var field in response.Parts[i].Extra?.Fields ?? [])
            {
                if (field.Key is "citations" && string.Equals(response.Parts[i].Extra!.Format, AnthropicMessagesFormat.FormatName, StringComparison.Ordinal))
                {
                    foreach (var citation in AnthropicEventWriter.Citations(i, field.Value))
                    {
                        yield return citation;
                    }
                }
                else if (own is null)
                {
                    yield return Other(field.Key);
                }
            }

            yield return new PartEndDelta(i);
        }

        foreach (var step in OfMessage(response.Extra))
        {
            yield return step;
        }

        if (tokens is not null)
        {
            yield return Other(TokenLogProbs.Name);
        }

        for (var i = 1; i <= response.MoreChoices.Count; i++)
        {
            yield return Other($"choices[{i}]");
        }

        if (response.Usage is { } usage)
        {
            yield return new UsageDelta(usage);
        }

        yield return new FinishDelta(response.FinishReason);
        yield return EndDelta.Instance;
    }

    private static IEnumerable<ChatDelta> Of(ContentPart part, int index)
    {
        switch (part)
        {
            case TextPart text:
                return [new TextDelta(index, text.Text), .. text.Citations.Select(citation => new CitationDelta(index, citation))];
            case RefusalPart refusal:
                return [new RefusalDelta(index, refusal.Text)];
            case ReasoningPart reasoning:
                return [new ReasoningDelta(index, reasoning.Text, reasoning.Signature, reasoning.Redacted) { Vendor = reasoning.Vendor, Id = reasoning.Id }];
            case ToolCallPart call:
                return [new ToolCallStartDelta(index, call.Id, call.Name) { Signature = call.Signature, IsCustom = call.IsCustom, IsIdMadeUp = call.IsIdMadeUp }, new ToolCallArgumentsDelta(index, call.Arguments)];
            case OpaquePart { Format: AnthropicMessagesFormat.FormatName } block:
                return [new OpaqueDelta(block.Format, block.Type, AnthropicEventWriter.BlockStart(index, block.Json))];
            case OpaquePart { Format: OpenAIChatFormat.FormatName } piece:
                // Its streams have no place for pieces of content.
                return [Other(piece.Type)];
            case OpaquePart opaque:
                return [new OpaqueDelta(opaque.Format, opaque.Type, opaque.Json)];
            case BlobPart blob:
                return [new OpaqueDelta(GeminiFormat.FormatName, "inlineData", $$$"""{"inlineData":{"mimeType":{{{JsonBytes.QuotedText(blob.MediaType)}}},"data":{{{JsonBytes.QuotedText(blob.Data.ToString())}}}}}""")];
            default:
                return [Other("content")];
        }
    }

    // Of no format, so none writes it, and whoever writes the stream says that it is lost.
    private static OpaqueDelta Other(string name) => new("", name, "{}");

    // What a message of OpenAI's chat holds beside its text (pictures, sound) comes in a delta there.
    private static IEnumerable<OpaqueDelta> OfMessage(Extra? extra)
    {
        const string Message = "message.";
        foreach (var field in extra?.Fields ?? [])
        {
            if (field.Value is "null")
            {
                continue;
            }

            yield return string.Equals(extra!.Format, AnthropicMessagesFormat.FormatName, StringComparison.Ordinal) && field.Key is AnthropicStream.Container
                ? new OpaqueDelta(extra.Format, field.Key, field.Value)
                : string.Equals(extra!.Format, OpenAIChatFormat.FormatName, StringComparison.Ordinal) && field.Key.StartsWith(Message, StringComparison.Ordinal)
                ? new OpaqueDelta(OpenAIChatFormat.FormatName, $"delta.{field.Key[Message.Length..]}", field.Value)
                : Other(field.Key);
        }
    }
}
