using System.Text.Json;
using Microsoft.Extensions.AI;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Upstream.InProcess;

/// <summary>A request in the words of <c>Microsoft.Extensions.AI</c>.</summary>
internal static class ChatClientRequest
{
    /// <summary>The conversation, system instructions first.</summary>
    /// <exception cref="WireException">A piece has no counterpart: names it.</exception>
    public static IReadOnlyList<ChatMessage> Messages(ChatRequest request)
    {
        var messages = new List<ChatMessage>(request.Messages.Count + 1);
        if (request.SystemInstructions.Count > 0)
        {
            messages.Add(new(ChatRole.System, ChatClientParts.Contents(request.SystemInstructions)));
        }

        foreach (var message in request.Messages)
        {
            var role = message.Role switch
            {
                Role.System => ChatRole.System,
                Role.Assistant => ChatRole.Assistant,
                Role.Tool => ChatRole.Tool,
                _ => ChatRole.User,
            };
            messages.Add(new(role, ChatClientParts.Contents(message.Parts)) { AuthorName = message.Name });
        }

        return messages;
    }

    /// <summary>The settings. The client knows its own model, so none is named; fields without a counterpart go along by name.</summary>
    public static ChatOptions Options(ChatRequest request)
    {
        var sampling = request.Sampling;
        var options = new ChatOptions
        {
            MaxOutputTokens = request.MaxOutputTokens,
            Temperature = (float?)sampling.Temperature,
            TopP = (float?)sampling.TopP,
            TopK = sampling.TopK,
            FrequencyPenalty = (float?)sampling.FrequencyPenalty,
            PresencePenalty = (float?)sampling.PresencePenalty,
            Seed = sampling.Seed,
            StopSequences = sampling.Stop.Count > 0 ? [.. sampling.Stop] : null,
            Tools = Tools(request),
            ToolMode = Mode(request.ToolChoice),
            AllowMultipleToolCalls = request.ParallelToolCalls,
            ResponseFormat = Form(request.ResponseFormat),
            Reasoning = request.Reasoning?.Effort is { } effort ? new() { Effort = Effort(effort) } : null,
        };
        if (request.EndUser is { } user)
        {
            (options.AdditionalProperties ??= [])["user"] = user;
        }

        foreach (var (name, json) in request.Extra?.Fields ?? [])
        {
            if (name is not "stream_options")
            {
                (options.AdditionalProperties ??= [])[name] = ChatClientParts.Json(json);
            }
        }

        return options;
    }

    private static List<AITool>? Tools(ChatRequest request)
    {
        var allowed = request.ToolChoice?.Allowed;
        var tools = request.Tools.Where(tool => allowed is null || allowed.Contains(tool.Name, StringComparer.Ordinal)).Select(Tool).ToList();
        return tools.Count > 0 ? tools : null;
    }

    private static AITool Tool(ToolDefinition tool) => tool.Opaque is { } opaque
        ? throw WireException.Invalid("tools", $"A chat client in process takes functions only, no tool of type '{opaque.Type}'. Leave it out, or choose another model.")
        : new ToolDeclaration(tool);

    private static ChatToolMode? Mode(ToolChoice? choice) => choice?.Mode switch
    {
        null => null,
        ToolChoiceMode.None => ChatToolMode.None,
        ToolChoiceMode.Required => ChatToolMode.RequireAny,
        ToolChoiceMode.Named => ChatToolMode.RequireSpecific(choice.Name!),
        _ => ChatToolMode.Auto,
    };

    private static ChatResponseFormat? Form(ResponseFormat? form) => form?.Kind switch
    {
        null => null,
        ResponseFormatKind.JsonObject => ChatResponseFormat.Json,
        ResponseFormatKind.JsonSchema => ChatResponseFormat.ForJsonSchema(ChatClientParts.Json(form.Schema ?? "{}"), form.Name, form.Description),
        _ => ChatResponseFormat.Text,
    };

    private static Microsoft.Extensions.AI.ReasoningEffort Effort(Canonical.ReasoningEffort effort) => effort switch
    {
        Canonical.ReasoningEffort.None => Microsoft.Extensions.AI.ReasoningEffort.None,
        Canonical.ReasoningEffort.Minimal or Canonical.ReasoningEffort.Low => Microsoft.Extensions.AI.ReasoningEffort.Low,
        Canonical.ReasoningEffort.Medium => Microsoft.Extensions.AI.ReasoningEffort.Medium,
        Canonical.ReasoningEffort.High => Microsoft.Extensions.AI.ReasoningEffort.High,
        _ => Microsoft.Extensions.AI.ReasoningEffort.ExtraHigh,
    };

    /// <summary>A tool on offer. It is run by the caller of the gateway, never here.</summary>
    private sealed class ToolDeclaration(ToolDefinition tool) : AIFunctionDeclaration
    {
        /// <inheritdoc/>
        public override string Name => tool.Name;

        /// <inheritdoc/>
        public override string Description => tool.Description ?? "";

        /// <inheritdoc/>
        public override JsonElement JsonSchema { get; } = ChatClientParts.Json(tool.ParametersSchema ?? """{"type":"object","properties":{}}""");

        /// <inheritdoc/>
        public override IReadOnlyDictionary<string, object?> AdditionalProperties { get; } =
            tool.Strict is { } strict ? new Dictionary<string, object?>(StringComparer.Ordinal) { ["strict"] = strict } : new Dictionary<string, object?>(StringComparer.Ordinal);
    }
}
