using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Tests.Wire.Json;

public sealed class BlobTests
{
    private static readonly Gen<byte[]> Bytes = Gen.Byte.Array[0, 9000];

    [Fact]
    public void Plain_bytes_and_their_text_are_written_alike_however_the_bytes_are_cut() => Gen.Select(Bytes, Gen.Int[1, 4000]).Sample((bytes, cut) =>
    {
        var text = BlobData.FromString(Convert.ToBase64String(bytes));
        var plain = BlobData.OfBytes(Cut(bytes, cut));

        Assert.Equal(text.ToString(), plain.ToString());
        Assert.Equal(text, plain);
        Assert.Equal(text.Base64Length, plain.Base64Length);
        Assert.Equal($$"""{"a":"{{text}}","b":["{{text}}"],"c":"data:image/png;base64,{{text}}"}""", Write(plain));
        Assert.Equal(Write(text), Write(plain));
    });

    [Theory]
    [InlineData("data:image/png;base64,QUJD", "image/png", "QUJD")]
    [InlineData("DATA:image/png;name=a.png;BASE64,QUJD", "image/png", "QUJD")]
    [InlineData("data:image\\/png;base64,Q\\/JD", "image/png", "Q/JD")]
    [InlineData("\\u0064ata:image/png;base64,QUJD", "image/png", "QUJD")]
    public void Takes_a_data_url_apart_however_it_is_escaped(string json, string type, string base64)
    {
        using var document = JsonDocument.Parse($"\"{json}\"");

        Assert.True(DataUrl.TryParse(document.RootElement, "url", out var mediaType, out var data));
        Assert.Equal((type, base64), (mediaType, data.ToString()));
    }

    [Theory]
    [InlineData("https://a/b,c")]
    [InlineData("data,")]
    [InlineData("")]
    public void An_address_is_no_data(string url)
    {
        using var document = JsonDocument.Parse($"\"{url}\"");

        Assert.False(DataUrl.TryParse(document.RootElement, "url", out _, out _));
    }

    private static string Write(BlobData data)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, JsonLimits.Writer))
        {
            writer.WriteStartObject();
            BlobWriter.Write(writer, "a"u8, data);
            writer.WriteStartArray("b"u8);
            BlobWriter.Write(writer, data);
            writer.WriteEndArray();
            BlobWriter.WriteDataUrl(writer, "c"u8, "image/png", data);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static ReadOnlySequence<byte> Cut(byte[] bytes, int length)
    {
        if (bytes.Length == 0)
        {
            return default;
        }

        Segment? first = null, last = null;
        for (var at = 0; at < bytes.Length; at += length)
        {
            var next = new Segment(bytes.AsMemory(at, Math.Min(length, bytes.Length - at)), at, last);
            (first, last) = (first ?? next, next);
        }

        return new(first!, 0, last!, last!.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long start, Segment? before)
        {
            (Memory, RunningIndex) = (memory, start);
            before?.Next = this;
        }
    }
}
