using System.Text;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire;

/// <summary>Which 404 is of a router that knows no such address, and which of an endpoint that knows no such model.</summary>
public sealed class MissingEndpointTests
{
    [Theory]
    [InlineData(404, "404 page not found")]
    [InlineData(404, """{"detail":"Not Found"}""")]
    [InlineData(404, """{"error":{"message":"Not Found","type":"Not Found","param":null,"code":404}}""")]
    [InlineData(404, """{"error":"Unexpected endpoint or method. (POST /v1/messages)"}""")]
    [InlineData(404, """{"error":{"code":404,"message":"File Not Found","type":"not_found_error"}}""")]
    [InlineData(404, """{"error":{"message":"Invalid URL (POST /v1/responses)","type":"invalid_request_error","param":null,"code":null}}""")]
    [InlineData(404, "<html><head><title>404 Not Found</title></head></html>")]
    [InlineData(404, "")]
    [InlineData(405, """{"detail":"Method Not Allowed"}""")]
    public void A_routers(int status, string body) => Assert.True(Told(status, body));

    [Theory]
    [InlineData(404, """{"error":"model 'm1' not found"}""")]
    [InlineData(404, """{"error":"model \"m1\" not found, try pulling it first"}""")]
    [InlineData(404, """{"error":{"message":"model 'm1' not found","type":"not_found_error","param":null,"code":null}}""")]
    [InlineData(404, """{"type":"error","error":{"type":"not_found_error","message":"model 'm1' not found"}}""")]
    [InlineData(404, """{"error":{"message":"The model `m1` does not exist.","type":"NotFoundError","param":null,"code":404}}""")]
    [InlineData(404, """{"object":"error","message":"The model `m1` does not exist.","type":"NotFoundError","param":null,"code":404}""")]
    [InlineData(404, """{"error":{"message":"Nothing is loaded.","type":"invalid_request_error","code":"model_not_found"}}""")]
    [InlineData(404, """{"error":"m1 not found"}""")]
    [InlineData(404, """{"error":{"message":"Response with id 'resp_1' not found.","type":"invalid_request_error","param":null,"code":404}}""")]
    [InlineData(405, """{"error":"model 'm1' cannot chat"}""")]
    public void An_endpoints(int status, string body) => Assert.False(Told(status, body));

    [Theory]
    // The address that a router repeats may hold the model, and its words may hold a model's short name.
    [InlineData("m1", "Cannot POST /v1beta/models/m1:generateContent")]
    [InlineData("m1", """{"error":{"message":"Invalid URL (POST /v1/models/m1:streamGenerateContent)","type":"invalid_request_error"}}""")]
    [InlineData("m1", """{"error":"The requested URL http://127.0.0.1/model/m1/converse was not found on this server."}""")]
    [InlineData("page", "404 page not found")]
    [InlineData("o", """{"detail":"Not Found"}""")]
    [InlineData("end", """{"error":"Unexpected endpoint or method. (POST /v1/messages)"}""")]
    public void A_routers_that_holds_the_models_name(string model, string body) => Assert.True(MissingEndpoint.IsTold(404, Encoding.UTF8.GetBytes(body), model, below: false));

    [Theory]
    [InlineData("/weights/qwen", """{"error":"/weights/qwen: no such endpoint"}""")]
    [InlineData("m1", """{"error":"no such endpoint: m1:latest"}""")]
    [InlineData("my phone", """{"error":"no such endpoint: my phone"}""")]
    [InlineData("gone", """{"error":"model /weights/gone: page not found"}""")]
    public void An_endpoints_that_names_the_model_in_its_own_way(string model, string body) => Assert.False(MissingEndpoint.IsTold(404, Encoding.UTF8.GetBytes(body), model, below: false));

    [Fact]
    public void Below_another_formats_address_anything_will_do_that_does_not_name_the_model()
    {
        Assert.True(MissingEndpoint.IsTold(404, """{"error":{"message":"We have no such thing.","code":"x"}}"""u8, "m1", below: true));
        Assert.False(MissingEndpoint.IsTold(404, """{"error":"model 'm1' not found"}"""u8, "m1", below: true));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(" \n", true)]
    [InlineData("{}", true)]
    [InlineData("[]", true)]
    [InlineData("null", true)]
    [InlineData("""{"error":{}}""", true)]
    [InlineData("""{"error":{"message":"","code":404,"param":null},"detail":[]}""", true)]
    [InlineData("""{"error":"Not Found"}""", false)]
    [InlineData("""{"error":{"message":" ","code":"no_route"}}""", false)]
    [InlineData("404 page not found", false)]
    [InlineData("{", false)]
    public void Says_nothing(string body, bool expected) => Assert.Equal(expected, MissingEndpoint.IsSilent(Encoding.UTF8.GetBytes(body)));

    private static bool Told(int status, string body) => MissingEndpoint.IsTold(status, Encoding.UTF8.GetBytes(body), "m1", below: false);
}
