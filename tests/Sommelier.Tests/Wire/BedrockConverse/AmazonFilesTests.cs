using System.Text;
using Sommelier.Tests.Wire.Fidelity;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.BedrockConverse;

/// <summary>Addresses in Amazon's storage, which Bedrock alone reads.</summary>
public sealed class AmazonFilesTests
{
    [Theory]
    [InlineData("openai-chat", """{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"s3://b/o.jpg"}}]}]}""", """{"image":{"format":"jpeg","source":{"s3Location":{"uri":"s3://b/o.jpg"}}}}""")]
    [InlineData("openai-chat", """{"model":"m","messages":[{"role":"user","content":[{"type":"video_url","video_url":{"url":"s3://b/o.mov"}}]}]}""", """{"video":{"format":"mov","source":{"s3Location":{"uri":"s3://b/o.mov"}}}}""")]
    [InlineData("openai-responses", """{"model":"m","input":[{"role":"user","content":[{"type":"input_file","file_url":"s3://b/o.docx"}]}]}""", """{"document":{"format":"docx","name":"document 1","source":{"s3Location":{"uri":"s3://b/o.docx"}}}}""")]
    public void They_go_to_Bedrock(string caller, string body, string block)
    {
        var (sent, warnings) = Write(caller, body);

        Assert.Contains($"\"content\":[{block}]", sent, StringComparison.Ordinal);
        Assert.Empty(warnings);
    }

    [Fact]
    public void One_whose_format_nobody_can_tell_is_told_of()
    {
        var (_, warnings) = Write("openai-chat", """{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"s3://b/o"}},{"type":"text","text":"x"}]}]}""");

        Assert.Equal(("dropped", "messages[0].content[0]"), (Assert.Single(warnings).Code, warnings[0].Field));
    }

    private static (string Sent, IReadOnlyList<Sommelier.Canonical.Warning> Warnings) Write(string caller, string body)
    {
        var (sent, warnings) = Target.All.Single(static each => each.Format == "bedrock-converse").Bytes(WireFormats.Get(caller).Requests.Read(Encoding.UTF8.GetBytes(body)));
        return (Encoding.UTF8.GetString(sent), warnings);
    }
}
