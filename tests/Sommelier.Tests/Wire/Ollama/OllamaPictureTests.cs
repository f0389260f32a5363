using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Ollama;

/// <summary>A picture in an answer has no place in Ollama's: the caller is told that there was one.</summary>
public sealed class OllamaPictureTests
{
    private static readonly ReplyContext Context = new() { FallbackId = "a1", Model = "m", Created = DateTimeOffset.UnixEpoch };

    private static readonly ChatResponse Drawn = new()
    {
        Parts = [new TextPart("Here: "), new BlobPart("image/png", "AAAA"), new ToolCallPart("c", "f", "{}")],
        FinishReason = new(FinishReasonKind.Stop),
    };

    [Theory]
    [InlineData("ollama")]
    [InlineData("ollama-generate")]
    public void A_whole_answer_names_it(string format)
    {
        var warnings = new List<Warning>();

        WireFormats.Get(format).Responses.Write(Drawn, Context, new ArrayBufferWriter<byte>(), warnings);

        Assert.Equal(("dropped", "image/png"), Assert.Single(warnings.Select(static warning => (warning.Code, warning.Field))));
    }
}
