using Microsoft.Extensions.Logging;

namespace Sommelier.Upstream.Auth;

/// <summary>A role that is lent to a person who has signed in with <c>aws sso login</c> (IAM Identity Center).</summary>
/// <param name="AccountId">The account.</param>
/// <param name="RoleName">The role in it.</param>
/// <param name="Portal">Where keys are given out; ends with a slash.</param>
/// <param name="Oidc">Where the sign-in is made longer; ends with a slash.</param>
/// <param name="Cache">What the sign-in has left.</param>
internal sealed record AwsSignIn(string AccountId, string RoleName, Uri Portal, Uri Oidc, AwsSignInCache Cache) : AwsOrigin
{
    /// <inheritdoc/>
    public override IAwsCredentialSource CreateSource(SendRequest send, TimeProvider time, ILogger? logger) => new SignInAwsCredentials(this, send, time, logger);
}

/// <summary>The file that a sign-in leaves for all programs of its user.</summary>
/// <param name="Read">Its text; null when there is none.</param>
/// <param name="Write">Puts another text there; a folder that may not be written to is no error.</param>
/// <param name="Profile">The profile to sign in with, for people.</param>
internal sealed record AwsSignInCache(Func<string?> Read, Action<string> Write, string Profile);
