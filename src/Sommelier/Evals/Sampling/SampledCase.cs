using System.Buffers;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Evals.Text;
using Sommelier.Gateway.Bodies;
using Sommelier.Ledger;
using Sommelier.Routing;
using Sommelier.Wire;

namespace Sommelier.Evals.Sampling;

/// <summary>A logged request with its answer as a case, whatever dialect it came in.</summary>
/// <param name="Json">The case as a suite says it.</param>
/// <param name="Conversation">What was said before the answer, instructions aside: by it near-duplicates are told.</param>
internal sealed record SampledCase(JsonObject Json, string Conversation)
{
    private static readonly IWireFormat Chat = WireFormats.Get("openai-chat");
    private static readonly WireTarget Target = new() { Model = ModelNames.Auto, Quirks = WireQuirks.Default };

    // Who asked, where it is billed and kept, and how it is sent say nothing of what is asked.
    private static readonly string[] NotAsked = ["model", "stream", "stream_options", "n", "user", "metadata", "store", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "service_tier", "sommelier"];

    /// <summary>The case; null when what is stored is no whole conversation, or no answer that can be read.</summary>
    public static SampledCase? Of(LedgerEntry entry, StoredBodies bodies, double? score, SampleSettings settings)
    {
        if (bodies.Request is not { } sent || Read(entry, Redacted(sent, settings)) is not { } request)
        {
            return null;
        }

        IReadOnlyList<ContentPart>? answer = null;
        if (settings.Answer != SampledAnswer.None && entry.Outcome == LedgerOutcome.Succeeded)
        {
            answer = bodies.Reply is { } told ? Answer(entry, Redacted(told, settings)) : null;
            if (answer is null)
            {
                return null;
            }
        }

        var warnings = new List<Warning>();
        var written = new ArrayBufferWriter<byte>();
        Chat.Requests.Write(request, Target, written, warnings);
        var json = Case(entry, JsonNode.Parse(written.WrittenSpan)!.AsObject(), answer, score, warnings, settings);
        return json is null ? null : new(json, string.Join('\n', request.Messages.SelectMany(static message => message.Parts).Select(Said)));
    }

    private static ReadOnlyMemory<byte> Redacted(ReadOnlyMemory<byte> body, SampleSettings settings) =>
        settings.Redactor is { } redactor ? RedactedJson.Of(body.Span, cut: false, redactor) : body;

    private static ChatRequest? Read(LedgerEntry entry, ReadOnlyMemory<byte> body)
    {
        try
        {
            var request = WireFormats.Get(entry.InboundFormat).Requests.Read(body, new(entry.OriginalModel, entry.Streamed));

            // What the vendor keeps of a conversation is not in the body.
            return request.Messages.Count == 0 || request.Extra?.Fields.Any(static field => field is { Key: "previous_response_id" or "conversation" or "thread", Value: not "null" }) is true
                ? null
                : request with { Stream = false, EndUser = null, Sampling = request.Sampling with { Choices = null } };
        }
        catch (WireException)
        {
            return null;
        }
    }

    private static IReadOnlyList<ContentPart>? Answer(LedgerEntry entry, ReadOnlyMemory<byte> body)
    {
        if (entry.Streamed)
        {
            return StreamedReply.Read(body);
        }

        try
        {
            return WireFormats.Get(entry.InboundFormat).Responses.Read(body.Span, WireQuirks.Default).Parts;
        }
        catch (UpstreamException)
        {
            return null;
        }
    }

    private static JsonObject? Case(LedgerEntry entry, JsonObject body, IReadOnlyList<ContentPart>? answer, double? score, List<Warning> warnings, SampleSettings settings)
    {
        var result = new JsonObject { ["id"] = entry.RequestId, ["intent"] = entry.Intent?.Name(), ["messages"] = Taken(body, "messages") };
        if (Taken(body, "tools") is JsonArray { Count: > 0 } tools)
        {
            result["tools"] = tools;
        }

        if ((Taken(body, "max_completion_tokens") ?? Taken(body, "max_tokens")) is { } most)
        {
            result["max_tokens"] = most;
        }

        if (Taken(body, "temperature") is { } temperature)
        {
            result["temperature"] = temperature;
        }

        body.Remove("max_tokens");
        Array.ForEach(NotAsked, key => body.Remove(key));
        if (body.Count > 0)
        {
            result["params"] = body;
        }

        var text = string.Concat(answer?.Select(static part => part switch { TextPart said => said.Text, RefusalPart refused => refused.Text, _ => "" }) ?? []);
        var calls = answer?.OfType<ToolCallPart>().ToList() ?? [];
        if (settings.Answer == SampledAnswer.Reference && answer is not null && calls.Count == 0 && (text.AsSpan().Trim().IsEmpty || Refusals.Find(text) is not null))
        {
            // A refusal is nothing to be held against.
            return null;
        }

        if (answer is not null)
        {
            result[settings.Answer == SampledAnswer.Output ? "output" : "reference"] = calls.Count == 0 ? text : new JsonObject
            {
                ["text"] = text,
                ["tool_calls"] = new JsonArray([.. calls.Select(static call => new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments })]),
            };
        }

        result["expect"] = SampledExpectations.Of(body, calls.Count > 0 && answer is not null, settings);
        result["metadata"] = Metadata(entry, score, warnings);
        if (entry.Intent is null)
        {
            result.Remove("intent");
        }

        return result;
    }

    private static JsonObject Metadata(LedgerEntry entry, double? score, List<Warning> warnings)
    {
        var result = new JsonObject
        {
            ["request"] = entry.RequestId,
            ["at"] = EntryJson.Moment(entry.StartedAt),
            ["conversation"] = entry.ConversationId ?? entry.RequestId,
            ["model"] = entry.DeploymentId ?? "",
            ["model_asked"] = entry.OriginalModel,
            ["policy"] = entry.Policy ?? "",
            ["outcome"] = EnumNames<LedgerOutcome>.Of(entry.Outcome),
            ["cost_usd"] = NanoUsd.ToUsd(LedgerSums.Of(entry.Attempts).CostNanoUsd),
            ["duration_ms"] = EntryJson.Milliseconds(entry.Duration),
        };
        if (score is { } rated)
        {
            result["feedback"] = rated;
        }

        if (warnings.Count > 0)
        {
            result["lost"] = string.Join(", ", warnings.Select(static warning => warning.Field).Distinct(StringComparer.Ordinal));
        }

        return result;
    }

    private static JsonNode? Taken(JsonObject body, string key)
    {
        var value = body[key];
        body.Remove(key);
        return value;
    }

    private static string Said(ContentPart part) => part switch
    {
        TextPart said => said.Text,
        ToolCallPart call => call.Arguments,
        ToolCallResponsePart result => string.Join('\n', result.Parts.Select(Said)),
        _ => "",
    };
}
