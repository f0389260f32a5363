using System.Text;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Upstream;

/// <summary>The form of answers that the caller has begun, and of those in a code fence.</summary>
public sealed class BegunFormTests
{
    private const string Asked = """{"model":"m","response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","required":["a"]}}},"messages":[{"role":"user","content":"x"}""";
    private static readonly IWireFormat Chat = WireFormats.Get("openai-chat");

    [Theory]
    [InlineData("]}", false)]
    [InlineData(""",{"role":"assistant","content":"{"}]}""", true)]
    public void What_the_caller_has_begun_is_checked_whoever_knows_schemas(string end, bool owed)
    {
        var outline = Chat.Requests.Outline(Encoding.UTF8.GetBytes(Asked + end));

        Assert.Equal(owed, AnswerForm.IsOwed(outline, new WireQuirks { JsonSchema = JsonSchemaSupport.Native }, []));
    }

    [Theory]
    [InlineData("{\"a\":1}\n```", true)]
    [InlineData("{\"b\":1}\n```", false)]
    [InlineData("{\"a\":1}", true)]
    public void A_fence_that_the_caller_opened_is_closed_by_the_model(string rest, bool fits)
    {
        var form = AnswerForm.Of(new ResponseFormat(ResponseFormatKind.JsonSchema, Schema: """{"type":"object","required":["a"]}"""), "```json\n")!;

        Assert.Equal(fits, form.Check(rest) is null);
    }

    [Fact]
    public void An_answer_without_its_fence_has_no_probabilities_of_the_fences_tokens()
    {
        var fenced = Chat.Responses.Read(Encoding.UTF8.GetBytes("""{"choices":[{"index":0,"message":{"role":"assistant","content":"```\n{}\n```"},"logprobs":{"content":[{"token":"```","logprob":0}]},"finish_reason":"stop"}]}"""), new WireQuirks());

        var bare = AnswerForm.Unfenced(fenced);

        Assert.Equal("{}", Assert.IsType<TextPart>(Assert.Single(bare.Parts)).Text);
        Assert.NotNull(fenced.Extra);
        Assert.Null(bare.Extra);
    }
}
