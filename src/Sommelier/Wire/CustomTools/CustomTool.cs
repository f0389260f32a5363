using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.CustomTools;

/// <summary>
/// OpenAI's custom tools take text as it is. In our own words such a call is one of a function with the text as its one
/// parameter <c>input</c>, so that every format can carry it; formats that know custom tools wrap and unwrap the text.
/// </summary>
/// <remarks>Source: openai 7.57.0, <c>resources/responses</c> and <c>resources/chat/completions</c>.</remarks>
internal static class CustomTool
{
    /// <summary>The one parameter.</summary>
    public const string Input = "input";

    /// <summary>A tool as its format's reader found it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does, or null.</param>
    /// <param name="syntax">The grammar's language, or null.</param>
    /// <param name="grammar">The grammar, or null.</param>
    /// <param name="extra">Unknown fields.</param>
    public static ToolDefinition Define(string name, string? description, string? syntax, string? grammar, Extra? extra) =>
        new(name, description, Schema(syntax, grammar), null, extra) { Custom = new CustomToolInput(syntax, grammar) };

    /// <summary>Warns of the tools among those on offer that the target gets as functions.</summary>
    public static void Warn(IReadOnlyList<ToolDefinition> tools, ICollection<Warning> warnings)
    {
        foreach (var tool in tools)
        {
            Warn(tool, warnings);
        }
    }

    /// <summary>Warns of a tool that the target gets as a function.</summary>
    public static void Warn(ToolDefinition tool, ICollection<Warning> warnings)
    {
        if (tool.Custom is not { } custom)
        {
            return;
        }

        warnings.Add(new Warning("emulated", tool.Place.ToString(), "the target has no custom tools; it is offered as a function that takes the text as 'input'"));
        if (custom.Grammar is not null)
        {
            warnings.Add(new Warning("dropped", tool.Place.At("format").ToString(), "the target holds no tool to a grammar; it is told the model in words"));
        }
    }

    /// <summary>A call's text as a function's arguments.</summary>
    public static string Wrap(string text) => $$"""{"input":{{JsonBytes.QuotedText(text)}}}""";

    /// <summary>The text of a call, also a bare one; empty without arguments. Arguments of another shape stand for it as they are.</summary>
    public static string Unwrap(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments, new JsonDocumentOptions { MaxDepth = JsonLimits.MaxDepth });
            return document.RootElement switch
            {
                { ValueKind: JsonValueKind.Object } all when all.TryGetProperty(Input, out var input) && input.ValueKind == JsonValueKind.String => input.GetString()!,
                { ValueKind: JsonValueKind.Object } all when all.GetPropertyCount() == 0 => "",
                { ValueKind: JsonValueKind.String } bare => bare.GetString()!,
                _ => arguments,
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            // Cut, or never JSON.
            return arguments;
        }
    }

    private static string Schema(string? syntax, string? grammar)
    {
        var words = new StringBuilder("The whole input of the tool, as it is.");
        if (grammar is not null)
        {
            words.Append(" It must match this grammar").Append(syntax is null ? "" : $" ({syntax})").Append(":\n").Append(grammar);
        }

        return $$$"""{"type":"object","properties":{"input":{"type":"string","description":{{{JsonBytes.QuotedText(words.ToString())}}}}},"required":["input"]}""";
    }
}
