using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.CustomTools;
using Sommelier.Wire.HostedTools;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Writes the tools on offer and the freedom to call them.</summary>
internal static class AnthropicToolWriter
{
    private const string Format = AnthropicMessagesFormat.FormatName;

    /// <summary>Decides what is sent.</summary>
    public static AnthropicToolPlan Plan(
        ChatRequest request, WireQuirks quirks, AnthropicAnswerForm answer, List<AnthropicTurn> turns, ICollection<Warning> warnings)
    {
        var tools = Tools(request, quirks, warnings);
        var oneAtMost = request.ParallelToolCalls is false;
        if (answer.ToolSchema is { } schema)
        {
            // With tools of the caller's the model chooses between them and the answer; without, it must answer.
            return new AnthropicToolPlan
            {
                Tools = tools,
                AnswerSchema = schema,
                Choice = tools.Count > 0 && request.ToolChoice?.Mode is not ToolChoiceMode.None ? "any" : "tool",
                ChoiceName = tools.Count > 0 && request.ToolChoice?.Mode is not ToolChoiceMode.None ? null : AnthropicAnswerTool.Name,
                OneAtMost = true,
            };
        }

        if (tools.Count == 0)
        {
            return WithoutTools(request, turns, warnings);
        }

        var plan = new AnthropicToolPlan { Tools = tools, OneAtMost = oneAtMost, SeveralSaid = request.ParallelToolCalls is true };
        plan = request.ToolChoice switch
        {
            null => plan with { Choice = oneAtMost || (plan.SeveralSaid && IsOwn(request)) ? "auto" : null },
            { Mode: ToolChoiceMode.Auto } => plan with { Choice = "auto" },
            { Mode: ToolChoiceMode.None } => plan with { Choice = "none", OneAtMost = false, SeveralSaid = false },
            { Mode: ToolChoiceMode.Required } => plan with { Choice = "any" },
            var named => plan with { Choice = "tool", ChoiceName = named.Name },
        };
        return quirks.ToolChoice ? plan : Untold(plan, request.ToolChoice?.Mode, warnings);
    }

    // To a target that cannot be told, what is offered says what it can.
    private static AnthropicToolPlan Untold(AnthropicToolPlan plan, ToolChoiceMode? choice, ICollection<Warning> warnings)
    {
        switch (choice)
        {
            case ToolChoiceMode.None:
                warnings.Add(new Warning("emulated", "tool_choice", "the model cannot be told not to call tools; none were offered"));
                return new AnthropicToolPlan();
            case ToolChoiceMode.Named:
                warnings.Add(new Warning("emulated", "tool_choice", "the model cannot be told which tool to call; only that one was offered"));
                plan = plan with { Tools = [.. plan.Tools.Where(tool => string.Equals(tool.Name, plan.ChoiceName, StringComparison.Ordinal))] };
                break;
            case ToolChoiceMode.Required:
                warnings.Add(new Warning("dropped", "tool_choice", "the target cannot be told"));
                break;
        }

        if (plan.OneAtMost)
        {
            warnings.Add(new Warning("dropped", "parallel_tool_calls", "the target cannot be told"));
        }

        return plan with { Choice = null, ChoiceName = null };
    }

    /// <summary>Writes the plan into the open request.</summary>
    public static void Write(AnthropicToolPlan plan, ChatRequest request, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (plan.Tools.Count == 0 && plan.AnswerSchema is null)
        {
            return;
        }

        writer.WriteStartArray("tools"u8);
        foreach (var tool in plan.Tools)
        {
            Tool(tool, writer, warnings);
        }

        if (plan.AnswerSchema is { } schema)
        {
            Tool(new ToolDefinition(AnthropicAnswerTool.Name, AnthropicAnswerTool.Description, schema), writer, warnings);
        }

        writer.WriteEndArray();
        if (plan.Choice is null)
        {
            return;
        }

        writer.WriteStartObject("tool_choice"u8);
        writer.WriteString("type"u8, plan.Choice);
        if (plan.ChoiceName is not null)
        {
            writer.WriteString("name"u8, plan.ChoiceName);
        }

        if (plan.OneAtMost || plan.SeveralSaid)
        {
            writer.WriteBoolean("disable_parallel_tool_use"u8, plan.OneAtMost);
        }

        Extras.WriteInner(request.Extra, AnthropicExtraFields.Choice, writer, Format);
        writer.WriteEndObject();
    }

    private static List<ToolDefinition> Tools(ChatRequest request, WireQuirks quirks, ICollection<Warning> warnings)
    {
        CustomTool.Warn(request.Tools, warnings);
        if (request.ToolChoice?.Allowed is not null)
        {
            warnings.Add(new Warning("emulated", "tool_choice", "only the allowed tools were offered"));
        }

        var tools = new List<ToolDefinition>(request.Tools.Count);
        foreach (var tool in request.Tools)
        {
            if ((!IsForeign(tool) || WebSearchWriter.Takes(tool, quirks, warnings))
                && (request.ToolChoice?.Allowed is not { } allowed || allowed.Contains(tool.Name, StringComparer.Ordinal)))
            {
                tools.Add(tool);
            }
        }

        return tools;
    }

    // A conversation with tool calls in it is refused when no tool is on offer: they are offered and forbidden.
    private static AnthropicToolPlan WithoutTools(ChatRequest request, List<AnthropicTurn> turns, ICollection<Warning> warnings)
    {
        LostToolChoice.Warn(request.ToolChoice, warnings);
        if (IsOwn(request))
        {
            return new AnthropicToolPlan();
        }

        var stubs = new List<ToolDefinition>();
        foreach (var turn in turns)
        {
            foreach (var part in turn.Parts)
            {
                if (part is ToolCallPart call && !stubs.Exists(stub => string.Equals(stub.Name, call.Name, StringComparison.Ordinal)))
                {
                    stubs.Add(new ToolDefinition(call.Name, null, null));
                }
            }
        }

        if (stubs.Count == 0)
        {
            return new AnthropicToolPlan();
        }

        warnings.Add(new Warning("emulated", "tools", "the conversation holds tool calls; their tools are named and forbidden"));
        return new AnthropicToolPlan { Tools = stubs, Choice = "none" };
    }

    private static void Tool(ToolDefinition tool, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (IsForeign(tool))
        {
            WebSearchWriter.Anthropic(tool, writer, warnings);
            return;
        }

        if (tool.Opaque is { } opaque)
        {
            writer.WriteRawValue(opaque.Json, skipInputValidation: true);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("name"u8, tool.Name);
        if (tool.Description is { } description)
        {
            writer.WriteString("description"u8, description);
        }

        writer.WritePropertyName("input_schema"u8);
        InputSchema(tool.ParametersSchema, writer);
        if (tool.Strict is { } strict)
        {
            writer.WriteBoolean("strict"u8, strict);
        }

        Extras.Write(tool.Extra, writer, Format, tool.Place, warnings);
        writer.WriteEndObject();
    }

    /// <summary>Writes a tool's schema. The API demands that the root says "type": "object"; other vendors let it be left out.</summary>
    public static void InputSchema(string? schema, Utf8JsonWriter writer)
    {
        if (schema is null)
        {
            writer.WriteRawValue("{\"type\":\"object\",\"properties\":{}}"u8, skipInputValidation: true);
            return;
        }

        using var document = JsonDocument.Parse(schema);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || root.TryGetProperty("type"u8, out _))
        {
            writer.WriteRawValue(schema, skipInputValidation: true);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, "object"u8);
        foreach (var member in root.EnumerateObject())
        {
            writer.WritePropertyName(member.Name);
            writer.WriteRawValue(member.Value.GetRawText(), skipInputValidation: true);
        }

        writer.WriteEndObject();
    }

    private static bool IsForeign(ToolDefinition tool) => tool.Opaque is { } opaque && !string.Equals(opaque.Format, Format, StringComparison.Ordinal);

    private static bool IsOwn(ChatRequest request) => string.Equals(request.Format, Format, StringComparison.Ordinal);
}
