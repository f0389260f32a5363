using Sommelier.Canonical;
using Sommelier.Resilience;

namespace Sommelier.Tests.Resilience;

public sealed class FailureReportTests
{
    [Theory]
    [InlineData(UpstreamFailureKind.InvalidRequest, true)]
    [InlineData(UpstreamFailureKind.ContextLengthExceeded, true)]
    [InlineData(UpstreamFailureKind.ContentFiltered, true)]
    [InlineData(UpstreamFailureKind.AuthenticationFailed, false)]
    [InlineData(UpstreamFailureKind.Unavailable, false)]
    public void Tells_the_vendors_words_only_when_they_are_about_the_request(UpstreamFailureKind kind, bool told) =>
        Assert.Equal(told, FailureReport.Of(new(kind, "host db-7.internal said so")).Message.Contains("db-7.internal", StringComparison.Ordinal));
}
