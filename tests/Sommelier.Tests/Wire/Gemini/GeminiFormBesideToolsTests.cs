using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Wire;
using Sommelier.Wire.Gemini;

namespace Sommelier.Tests.Wire.Gemini;

/// <summary>Models before Gemini 3 refuse tools beside a JSON mode, so that the form is asked for in words.</summary>
public sealed class GeminiFormBesideToolsTests
{
    private static readonly ChatRequest Asked = new()
    {
        OriginalModel = "m",
        Format = "openai-chat",
        Messages = [new Message(Role.User, [new TextPart("x")])],
        Tools = [new ToolDefinition("f", "d", """{"type":"object"}""", null)],
        ResponseFormat = new(ResponseFormatKind.JsonSchema, Schema: """{"type":"object","required":["y"]}"""),
    };

    [Theory]
    [InlineData("gemini-2.5-flash", true)]
    [InlineData("gemini-3-pro", false)]
    public void The_form_is_asked_for_in_words_where_the_model_takes_not_both(string model, bool words)
    {
        var (body, warnings) = Write(Asked, model);

        Assert.Equal(!words, body.Contains("responseMimeType", StringComparison.Ordinal));
        Assert.Equal(words, body.Contains("systemInstruction", StringComparison.Ordinal));
        Assert.Equal(words, warnings.Contains(("emulated", "response_format")));
    }

    [Fact]
    public void Without_tools_the_formats_own_fields_are_used()
    {
        var (body, warnings) = Write(Asked with { Tools = [] }, "gemini-2.5-flash");

        Assert.Contains("responseJsonSchema", body, StringComparison.Ordinal);
        Assert.Empty(warnings);
    }

    private static (string Body, List<(string Code, string Field)> Warnings) Write(ChatRequest request, string model)
    {
        var deployment = new Deployment { Id = "gemini/m", Provider = "gemini", Model = model, CanonicalModel = model };
        var quirks = new Sommelier.Providers.Gemini().Quirks(deployment, GeminiFormat.FormatName);
        var output = new ArrayBufferWriter<byte>();
        var warnings = new List<Warning>();
        GeminiFormat.Instance.Requests.Write(request, new WireTarget { Model = model, Quirks = quirks }, output, warnings);
        return (Encoding.UTF8.GetString(output.WrittenSpan), [.. warnings.Select(static warning => (warning.Code, warning.Field))]);
    }
}
