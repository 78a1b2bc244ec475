namespace TrafficDispatch.Service.Access;

/// <summary>Who makes a call, as far as a credential proves it.</summary>
/// <param name="Name">The name of the credential; empty where none was shown.</param>
/// <param name="Roles">What it may.</param>
/// <param name="Credential"><c>token</c>, <c>certificate</c> or <c>none</c>.</param>
/// <param name="From">The caller's network.</param>
internal sealed record Caller(string Name, Roles Roles, string Credential, string From)
{
    /// <summary>What the audit and overrides call a person.</summary>
    public string Source => "operator:" + Name;
}
