using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Tests.Wire.Properties;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Embeddings;

/// <summary>No input crashes a reader of the formats in which vectors are asked for.</summary>
public sealed class EmbeddingGarbageTests
{
    public static TheoryData<string> Formats => [.. EmbeddingWire.Inbound];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Requests(string format)
    {
        var requests = WireFormats.Get(format).Requests;
        var settings = EmbeddingWire.Request(format)[..^1] + ""","truncate":true,"title":"T","taskType":"RETRIEVAL_DOCUMENT","encoding_format":"base64","user":"u","sommelier":{"tags":["a"]}}""";
        Broken.Try([Encoding.UTF8.GetBytes(EmbeddingWire.Request(format)), Encoding.UTF8.GetBytes(settings)], bytes =>
        {
            var outline = requests.Outline(bytes, EmbeddingWire.Path);
            requests.Forward(bytes, outline, EmbeddingWire.Target(), new ArrayBufferWriter<byte>(), []);
            var read = requests.Read(bytes, EmbeddingWire.Path);
            Assert.Equal(read.OriginalModel, outline.Model);
            Assert.Equal(outline.Inputs, read.Embedding!.Inputs.Count + read.Embedding.TokenInputs.Count);
            foreach (var other in EmbeddingWire.Inbound)
            {
                if (!EmbeddingWire.IsSingle(other) || outline.Inputs == 1)
                {
                    WireFormats.Get(other).Requests.Write(read, EmbeddingWire.Target(), new ArrayBufferWriter<byte>(), []);
                }
            }
        });
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Answers(string format)
    {
        var responses = WireFormats.Get(format).Responses;
        var outline = EmbeddingWire.Call(format).Outline;
        Broken.Try([Encoding.UTF8.GetBytes(EmbeddingWire.Answer(format, EmbeddingWire.IsSingle(format) ? 1 : 2))], bytes =>
        {
            _ = responses.Fits(bytes, outline);
            AnswerFacts? facts = null;
            try
            {
                facts = responses.Scan(bytes, WireQuirks.Default);
            }
            catch (UpstreamException)
            {
                // Refused.
            }

            var answer = responses.Read(bytes, WireQuirks.Default);
            Assert.Equal(facts!.Vectors, answer.Embeddings.Count);
            foreach (var other in EmbeddingWire.Inbound)
            {
                WireFormats.Get(other).Responses.Write(answer, EmbeddingWire.Call(other).Reply, new ArrayBufferWriter<byte>(), []);
            }
        });
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Errors(string format)
    {
        var errors = WireFormats.Get(format).Errors;
        var samples = Enum.GetValues<GatewayErrorKind>().Select(kind => Samples.Bytes(output => errors.Write(new(kind, "No, because.", 400), "req_1", output)));
        Broken.Try(samples, bytes => Assert.NotNull(errors.Read(400, _ => null, bytes, DateTimeOffset.UnixEpoch).Message));
    }
}
