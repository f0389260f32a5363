using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Fidelity.Fields;

/// <summary>
/// A server that follows another vendor's format and ignores what it does not know in it: no documented field of a request is
/// passed on to be ignored, and the caller is told of each.
/// </summary>
public sealed class UnreadFieldTests
{
    /// <summary>What Ollama reads of each format: its structs (openai/openai.go, openai/responses.go, anthropic/anthropic.go).</summary>
    private static readonly Dictionary<string, string[]> Reads = new(StringComparer.Ordinal)
    {
        ["openai-chat"] =
        [
            "model", "messages", "stream", "stream_options", "max_tokens", "seed", "stop", "temperature", "frequency_penalty", "presence_penalty", "top_p", "response_format",
            "tools", "reasoning", "reasoning.effort", "reasoning_effort",
        ],
        ["openai-responses"] =
        [
            "model", "input", "instructions", "max_output_tokens", "temperature", "text", "text.format", "top_p", "truncation", "tools", "stream",
            "reasoning", "reasoning.effort", "reasoning.summary",
        ],
        ["anthropic-messages"] =
        [
            "model", "max_tokens", "messages", "system", "stream", "temperature", "top_p", "top_k", "stop_sequences", "tools",
            "thinking", "thinking.type", "thinking.budget_tokens", "output_config", "output_config.effort",
        ],
    };

    /// <summary>What may pass unread: a member that nobody knows, for the server's own sake; what only a vendor's answer has; and how much of the thinking is shown.</summary>
    private static readonly string[] Pass = ["unknown_field", "include", "prompt_cache_options", "thinking.display"];

    public static TheoryData<string> Formats => [.. Reads.Keys];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Nothing_is_passed_on_to_be_ignored(string format)
    {
        var list = FieldList.Of(format);
        var wrong = new List<string>();
        foreach (var (path, value, _) in list.Fields.Where(field => field.Why is null && !field.Path.Contains('[')))
        {
            var (sent, told) = Sent(format, list.With(path, JsonNode.Parse(value)));
            wrong.AddRange(Names(sent).Except(Reads[format]).Except(Pass).Select(name => $"{path} {value}: {name} is ignored"));
            if (sent[path] is null && !told.Any(field => field == path || field.StartsWith(path + ".", StringComparison.Ordinal)) && !Renamed(path, sent, told))
            {
                wrong.Add($"{path} {value}: left out without a word ({string.Join(' ', told)})");
            }
        }

        Assert.True(wrong.Count == 0, "\n" + string.Join("\n", wrong));
    }

    [Theory]
    [InlineData("openai-chat", "\"prediction\":{\"type\":\"content\",\"content\":\"x\"},\"verbosity\":\"low\",\"service_tier\":\"flex\"", "prediction verbosity service_tier")]
    [InlineData("openai-chat", "\"prediction\":null,\"verbosity\":\"medium\",\"service_tier\":\"auto\",\"metadata\":{},\"modalities\":[\"text\"],\"parallel_tool_calls\":true,\"store\":false", "")]
    [InlineData("openai-responses", "\"text\":{\"verbosity\":\"low\",\"format\":{\"type\":\"text\"}},\"service_tier\":\"priority\"", "text.verbosity service_tier")]
    [InlineData("openai-responses", "\"text\":{\"format\":{\"type\":\"text\"},\"verbosity\":\"medium\"},\"service_tier\":\"default\",\"metadata\":{},\"tool_choice\":\"auto\"", "")]
    [InlineData("openai-responses", "\"reasoning\":{\"context\":\"all_turns\",\"effort\":\"low\",\"mode\":\"pro\"},\"tools\":[{\"type\":\"function\",\"name\":\"f\"}],\"tool_choice\":\"none\"", "tool_choice reasoning.context reasoning.mode")]
    [InlineData("anthropic-messages", "\"service_tier\":\"standard_only\",\"metadata\":{\"user_id\":\"u\"},\"output_config\":{\"effort\":\"low\",\"task_budget\":{\"type\":\"tokens\",\"total\":20000}}", "output_config.effort output_config.task_budget metadata.user_id service_tier")]
    [InlineData("anthropic-messages", "\"service_tier\":\"auto\",\"metadata\":{},\"tools\":[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\"}}],\"tool_choice\":{\"type\":\"auto\"}", "")]
    public void The_caller_is_told_but_of_what_holds_anyway(string format, string members, string told)
    {
        var rest = format == "openai-responses" ? "\"input\":\"x\"" : "\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]";
        var (sent, warnings) = Sent(format, JsonNode.Parse($"{{\"model\":\"m\",{rest},{members}}}")!);

        Assert.Equal(told.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), warnings.Order());
        Assert.Empty(Names(sent).Except(Reads[format]));
    }

    private static (JsonNode Sent, IReadOnlyList<string> Told) Sent(string format, JsonNode body)
    {
        var wire = WireFormats.Get(format);
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        var target = new WireTarget { Model = "m", Quirks = new Sommelier.Providers.Ollama().Quirks(Target.Model, format), MaxOutputTokens = 32_000 };
        var outline = wire.Requests.Outline(bytes);
        var output = new ArrayBufferWriter<byte>();
        var warnings = new List<Warning>();
        if (wire.Requests.CanForward(outline, target))
        {
            wire.Requests.Forward(bytes, outline, target, output, warnings);
        }
        else
        {
            wire.Requests.Write(wire.Requests.Read(bytes), target, output, warnings);
        }

        CallerFields.Rename(format, warnings);
        return (JsonNode.Parse(output.WrittenSpan)!, [.. warnings.Select(static warning => warning.Field)]);
    }

    private static IEnumerable<string> Names(JsonNode sent) => sent.AsObject().SelectMany(static member =>
        member.Value is JsonObject inner && member.Key is "text" or "reasoning" or "output_config" or "thinking"
            ? inner.AsObjectNames(member.Key)
            : [member.Key]);

    // The limit has an older name; an effort may be nought, and a choice be made by what is offered.
    private static bool Renamed(string path, JsonNode sent, IReadOnlyList<string> told) => path switch
    {
        "max_completion_tokens" => sent["max_tokens"] is not null,
        "functions" => sent["tools"] is not null,
        "output_config" => told.Contains("output_config.format"),
        _ => false,
    };
}

file static class NodeNames
{
    public static IEnumerable<string> AsObjectNames(this JsonNode inner, string name) => inner.AsObject().Select(member => $"{name}.{member.Key}").Prepend(name);
}
