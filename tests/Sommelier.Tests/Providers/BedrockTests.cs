using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Wire;

namespace Sommelier.Tests.Providers;

public sealed class BedrockTests
{
    private static readonly Provider Bedrock = ProviderRegistry.Find("bedrock")!;

    [Theory]
    [InlineData("us-east-1", "https://bedrock-runtime.us-east-1.amazonaws.com/", "us")]
    [InlineData("eu-central-1", "https://bedrock-runtime.eu-central-1.amazonaws.com/", "eu")]
    [InlineData("cn-north-1", "https://bedrock-runtime.cn-north-1.amazonaws.com.cn/", "cn")]
    [InlineData("ap-northeast-2", "https://bedrock-runtime.ap-northeast-2.amazonaws.com/", null)]
    public void Its_address_is_its_regions(string region, string address, string? area)
    {
        Assert.Equal(address, Bedrock.AddressOf(_ => region)?.AbsoluteUri);
        Assert.Equal(area, Bedrock.RegionOf(_ => region));
    }

    [Theory]
    [InlineData("global.anthropic.claude-opus-5-5-v1:0", "", true)]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc", "anthropic", true)]
    [InlineData("amazon.nova-pro-v1:0", "amazon", false)]
    public void Only_Claude_is_asked_by_InvokeModel_and_told_in_its_own_fields(string model, string maker, bool claude)
    {
        var deployment = Of(model, maker);
        var invoke = Bedrock.Endpoints.Single(endpoint => endpoint.Format == "anthropic-messages");

        Assert.Equal(claude, invoke.Serves!(deployment));
        Assert.Equal(claude ? ReasoningKnob.OutputEffort : ReasoningKnob.ReasoningEffort, Bedrock.Quirks(deployment, "bedrock-converse").Reasoning);
    }

    [Fact]
    public void InvokeModel_names_its_version_and_streams_in_frames()
    {
        var invoke = Bedrock.Quirks(Of("anthropic.claude-opus-5-5-v1:0", "anthropic"), "anthropic-messages");
        var converse = Bedrock.Quirks(Of("anthropic.claude-opus-5-5-v1:0", "anthropic"), "bedrock-converse");

        Assert.Equal(("bedrock-2023-05-31", false, true), (invoke.BodyVersion, invoke.BodyStream, invoke.FramedEvents));
        Assert.Equal((null, false, false), (converse.BodyVersion, converse.FramedEvents, converse.RemoteImages));
    }

    [Fact]
    public void OpenAIs_chat_is_for_deployments_that_name_it()
    {
        var chat = Bedrock.Endpoints.Single(endpoint => endpoint.Format == "openai-chat");

        Assert.False(chat.Serves!(Of("openai.gpt-oss-120b-1:0", "openai")));
        Assert.Equal(("max_tokens", false), (Bedrock.Quirks(Of("openai.gpt-oss-120b-1:0", "openai"), "openai-chat").MaxTokensField, Bedrock.Quirks(Of("x", ""), "openai-chat").CustomTools));
    }

    [Fact]
    public void Its_address_for_OpenAIs_clients_is_signed_as_a_service_of_its_own()
    {
        var mantle = ProviderRegistry.Find("bedrock-mantle")!;

        Assert.Equal("https://bedrock-mantle.eu-west-1.api.aws/openai/v1/", mantle.AddressOf(_ => "eu-west-1")?.AbsoluteUri);
        Assert.Equal(("bedrock-mantle", "bedrock", "eu"), (mantle.SigningService, Bedrock.SigningService, mantle.RegionOf(_ => "eu-west-1")));
        Assert.Equal(["chat/completions", "responses"], mantle.Endpoints.Select(endpoint => endpoint.Path));
    }

    private static Deployment Of(string model, string maker) => new()
    {
        Id = $"bedrock/{model}",
        Provider = "bedrock",
        Model = model,
        CanonicalModel = model,
        Maker = maker,
        Sources = ["configuration"],
        Price = new() { InputUsdPerMillion = 1, OutputUsdPerMillion = 2, Source = "test", SourceDate = new(2026, 11, 1) },
    };
}
