using System.Net;
using Microsoft.AspNetCore.Http;
using Sommelier.Server.Edge;

namespace Sommelier.Server.Tests.Edge;

/// <summary>Whom a gateway without keys serves.</summary>
public sealed class HostRuleTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("10.0.0.5", false)]
    [InlineData("::ffff:10.0.0.5", false)]
    public void Only_this_machine_is_served_whatever_host_name_is_sent(string remote, bool served)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(remote);
        context.Request.Host = new HostString("127.0.0.1", 4000);

        Assert.Equal(served, HostRule.Problem(context.Request) is null);
    }
}
