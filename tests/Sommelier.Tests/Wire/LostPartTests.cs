using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire;

/// <summary>Parts of an answer without a place in the caller's dialect are told by the names that the vendor gave them.</summary>
public sealed class LostPartTests
{
    private const string Anthropic = """
        {"id":"a","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"x"},{"type":"server_tool_use","id":"s1","name":"code_execution","input":{}},{"type":"code_execution_tool_result","tool_use_id":"s1","content":{"type":"code_execution_result","stdout":"1"}},{"type":"container_upload","file_id":"f"},{"type":"server_tool_use","id":"s2","name":"code_execution","input":{}}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}
        """;

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("openai-responses")]
    [InlineData("openai-completions")]
    [InlineData("gemini")]
    [InlineData("bedrock-converse")]
    [InlineData("ollama")]
    public void Each_kind_is_told_once_by_its_own_name_and_place_or_number(string caller)
    {
        var answer = Upstreams.Read(WireFormats.Get("anthropic-messages"), Anthropic);
        var warnings = new List<Warning>();
        WireFormats.Get(caller).Responses.Write(answer, Context, new ArrayBufferWriter<byte>(), warnings);

        Assert.Equal(
            [
                ("server_tool_use", "2 parts of the answer have no place in this dialect"),
                ("code_execution_tool_result", "part 3 of the answer has no place in this dialect"),
                ("container_upload", "part 4 of the answer has no place in this dialect"),
            ],
            warnings.Where(static warning => warning.Code == "dropped").Select(static warning => (warning.Field, warning.Detail)));
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("openai-completions")]
    [InlineData("anthropic-messages")]
    [InlineData("gemini")]
    [InlineData("bedrock-converse")]
    [InlineData("ollama")]
    public void Four_searches_in_a_stream_are_told_once(string caller)
    {
        var encoder = WireFormats.Get(caller).Streams.CreateEncoder(Context);
        var output = new ArrayBufferWriter<byte>();
        encoder.Write(new StartDelta("a", "m"), output);
        for (var i = 0; i < 4; i++)
        {
            encoder.Write(new OpaqueDelta("openai-responses", "web_search_call", "{}"), output);
        }

        encoder.Write(new OpaqueDelta("openai-responses", "file_search_call", "{}"), output);

        Assert.Equal(["web_search_call", "file_search_call"], encoder.Warnings.Select(static warning => warning.Field));
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("openai-responses")]
    [InlineData("openai-completions")]
    [InlineData("anthropic-messages")]
    [InlineData("ollama")]
    public void A_picture_is_told_by_its_type(string caller)
    {
        var answer = new ChatResponse { Parts = [new TextPart("x"), new BlobPart("image/png", "iVBO")], FinishReason = new(FinishReasonKind.Stop) };
        var warnings = new List<Warning>();
        WireFormats.Get(caller).Responses.Write(answer, Context, new ArrayBufferWriter<byte>(), warnings);
        Assert.Equal(new Warning("dropped", "image/png", "part 2 of the answer has no place in this dialect"), Assert.Single(warnings));
    }

    private static ReplyContext Context => new() { FallbackId = "f", Model = "m", Created = default };
}
