using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Embeddings;

public sealed class EmbeddingAnswerTests
{
    public static TheoryData<string> Formats => [.. EmbeddingWire.Inbound];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_vendors_answer_is_read_number_by_number(string format)
    {
        var count = EmbeddingWire.IsSingle(format) ? 1 : 2;

        var answer = WireFormats.Get(format).Responses.Read(Encoding.UTF8.GetBytes(EmbeddingWire.Answer(format, count)), WireQuirks.Default);

        Assert.Equal(EmbeddingWire.Vectors[..count], answer.Embeddings.Select(vector => vector.Vector.ToArray()));
        Assert.Equal(Enumerable.Range(0, count), answer.Embeddings.Select(vector => vector.Index));
        Assert.Equal(format == "ollama-embeddings" ? null : 7, answer.Usage?.InputTokens);
    }

    [Fact]
    public void Base64_and_numbers_say_the_same_bits() => Gen.Single.Where(float.IsFinite).Array[1, 40].Sample(vector =>
    {
        var answer = new ChatResponse { FinishReason = new(FinishReasonKind.Stop), Embeddings = [new(0, vector)] };
        var numbers = Write("openai-embeddings", answer, base64: false);
        var base64 = Write("openai-embeddings", answer, base64: true);

        foreach (var written in (byte[][])[numbers, base64])
        {
            var read = WireFormats.Get("openai-embeddings").Responses.Read(written, WireQuirks.Default).Embeddings[0].Vector.ToArray();
            Assert.Equal(vector.Select(BitConverter.SingleToInt32Bits), read.Select(BitConverter.SingleToInt32Bits));
        }

        using var json = JsonDocument.Parse(base64);
        var bytes = json.RootElement.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();
        Assert.Equal(vector.SelectMany(BitConverter.GetBytes), bytes);
    });

    [Fact]
    public void Vectors_are_put_in_the_order_of_their_indexes()
    {
        var answer = Read("""{"data":[{"index":1,"embedding":[2]},{"embedding":[1],"index":0}],"usage":{"total_tokens":3}}""");

        Assert.Equal([1f, 2f], answer.Embeddings.Select(vector => vector.Vector.Span[0]));
        Assert.Equal(3, answer.Usage!.Value.InputTokens);
    }

    [Theory]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[2]}]}""")]
    [InlineData("""{"data":[{"index":5,"embedding":[1]}]}""")]
    [InlineData("""{"data":[{"embedding":[1,null]}]}""")]
    [InlineData("""{"data":[{"embedding":[1,"2"]}]}""")]
    [InlineData("""{"data":[{"embedding":[1e39]}]}""")]
    [InlineData("""{"data":[{"embedding":"AACAfw=="}]}""")]
    [InlineData("""{"data":[{"embedding":"AAA="}]}""")]
    [InlineData("""{"data":[{"embedding":"no base64!"}]}""")]
    [InlineData("""{"data":[{"embedding":[1]}""")]
    [InlineData("[1]")]
    [InlineData("<html>")]
    public void What_is_no_vector_is_the_vendors_fault(string body) =>
        Assert.Equal(UpstreamFailureKind.ProtocolError, Assert.Throws<UpstreamException>(() => Read(body)).Failure.Kind);

    [Theory]
    [InlineData("", UpstreamFailureKind.EmptyAnswer)]
    [InlineData("""{"object":"list","data":[]}""", UpstreamFailureKind.EmptyAnswer)]
    [InlineData("""{"data":[{"index":0,"embedding":[]}]}""", UpstreamFailureKind.EmptyAnswer)]
    [InlineData("""{"error":{"message":"This model's maximum context length is 8192 tokens","code":"context_length_exceeded"}}""", UpstreamFailureKind.ContextLengthExceeded)]
    public void An_error_in_disguise_is_one(string body, UpstreamFailureKind kind)
    {
        Assert.Equal(kind, Assert.Throws<UpstreamException>(() => Read(body)).Failure.Kind);
        Assert.Equal(kind, Assert.Throws<UpstreamException>(() => WireFormats.Get("openai-embeddings").Responses.Scan(Encoding.UTF8.GetBytes(body), WireQuirks.Default)).Failure.Kind);
    }

    [Theory]
    [InlineData("float", "[0.5]", true)]
    [InlineData("float", "\"AAAAPw==\"", false)]
    [InlineData("base64", "\"AAAAPw==\"", true)]
    [InlineData("base64", "[0.5]", false)]
    public void An_answer_fits_when_it_is_written_as_it_was_asked_for(string asked, string vector, bool fits)
    {
        var outline = WireFormats.Get("openai-embeddings").Requests.Outline(Encoding.UTF8.GetBytes($$"""{"model":"m","input":"a","encoding_format":"{{asked}}"}"""));

        Assert.Equal(fits, WireFormats.Get("openai-embeddings").Responses.Fits(Encoding.UTF8.GetBytes($$"""{"data":[{"embedding":{{vector}}}]}"""), outline));
    }

    private static ChatResponse Read(string body) => WireFormats.Get("openai-embeddings").Responses.Read(Encoding.UTF8.GetBytes(body), WireQuirks.Default);

    private static byte[] Write(string format, ChatResponse answer, bool base64)
    {
        var call = EmbeddingWire.Call(format, $$"""{"model":"m","input":"a","encoding_format":"{{(base64 ? "base64" : "float")}}"}""");
        var output = new ArrayBufferWriter<byte>();
        WireFormats.Get(format).Responses.Write(answer, call.Reply, output, []);
        return output.WrittenSpan.ToArray();
    }
}
