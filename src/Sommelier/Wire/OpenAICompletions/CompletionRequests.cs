using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAICompletions;

/// <inheritdoc cref="IRequestWire"/>
internal sealed class CompletionRequests : IRequestWire
{
    private static readonly string[] Known =
    [
        "model", "prompt", "stream", "stream_options", "max_tokens", "temperature", "top_p", "frequency_penalty", "presence_penalty", "seed", "stop", "n",
        "logit_bias", "user", CallerHintsReader.Member,
    ];

    /// <inheritdoc/>
    public RequestOutline Outline(ReadOnlySpan<byte> body, CallPath path = default) => CompletionOutlineReader.Read(body);

    /// <summary>Reads it as a chat of one turn. What only a server of completions can do stays among the unknown fields, unless it asks for nothing.</summary>
    public ChatRequest Read(ReadOnlyMemory<byte> body, CallPath path = default)
    {
        // Says what is wrong, field by field.
        var outline = CompletionOutlineReader.Read(body.Span);
        using var document = JsonBody.Parse(body);
        var fields = new JsonFields(document.RootElement, "");
        return new ChatRequest
        {
            OriginalModel = outline.Model,
            Format = OpenAICompletionsFormat.FormatName,
            Messages = [new Message(Role.User, [new TextPart(Prompt(fields))])],
            MaxOutputTokens = outline.MaxOutputTokens is 0 ? throw Needs("max_tokens", "a limit of 0") : outline.MaxOutputTokens,
            Stream = outline.Stream,
            StreamUsage = outline.StreamUsage,
            Sampling = new Sampling
            {
                Temperature = fields.Number("temperature"),
                TopP = fields.Number("top_p"),
                FrequencyPenalty = fields.Number("frequency_penalty"),
                PresencePenalty = fields.Number("presence_penalty"),
                Seed = fields.Long("seed"),
                Stop = Stop(fields),
                Choices = fields.Int("n"),
                LogitBias = fields.Object("logit_bias")?.Element.GetRawText(),
            },
            EndUser = outline.EndUser,
            Extra = Unknown(fields),
        };
    }

    /// <summary>Nobody meets it: a conversation has no place in a prompt, so only this dialect's own callers are served in it.</summary>
    public void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        throw new NotSupportedException($"'{OpenAICompletionsFormat.FormatName}' serves its own callers only.");

    /// <summary>The members that need changing have the names that they have in chat.</summary>
    public void Forward(ReadOnlyMemory<byte> body, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        Forwarder.Forward(body, outline, target, output, warnings);

    private static string Prompt(JsonFields fields)
    {
        fields.TryGet("prompt", out var prompt);
        if (prompt.ValueKind == JsonValueKind.Array)
        {
            prompt = prompt.GetArrayLength() == 1 ? prompt[0] : throw Needs("prompt", prompt[0].ValueKind == JsonValueKind.Number ? "token ids" : "several prompts");
        }

        return prompt.ValueKind == JsonValueKind.String ? JsonFields.Text(prompt, "prompt") : throw Needs("prompt", "token ids");
    }

    private static WireException Needs(string field, string what) => WireException.Invalid(
        field, $"Only a server that offers completions itself takes {what}, and the model's does not. Send one prompt as a string{(field is "max_tokens" ? " with a limit from 1 on" : "")}, or one request for each.");

    private static List<string> Stop(JsonFields fields) => !fields.TryGet("stop", out var stop) ? []
        : stop.ValueKind == JsonValueKind.String ? [JsonFields.Text(stop, "stop")]
        : [.. stop.EnumerateArray().Select(static text => JsonFields.Text(text, "stop"))];

    private static Extra? Unknown(JsonFields fields)
    {
        var unknown = fields.Unknown(OpenAICompletionsFormat.FormatName, Known)?.Fields
            .Where(static field => field.Value is not "null" && field is not ({ Key: "echo", Value: "false" } or { Key: "best_of", Value: "1" } or { Key: "suffix", Value: "\"\"" }))
            .ToArray();
        return unknown is null or [] ? null : new Extra(OpenAICompletionsFormat.FormatName, unknown);
    }
}
