using System.Globalization;
using Grpc.Core;
using Microsoft.Extensions.Primitives;

namespace Grpc.AspNetCore.Server;

/// <summary>Header values of the status codes, made once.</summary>
internal static class StatusHeader
{
    private static readonly StringValues[] Values =
        [.. Enum.GetValues<StatusCode>().Order().Select(code => new StringValues(((int)code).ToString(CultureInfo.InvariantCulture)))];

    /// <summary>The header value of a code; a number of no known code goes as it is.</summary>
    public static StringValues Of(StatusCode code) =>
        (uint)code < (uint)Values.Length ? Values[(int)code] : ((int)code).ToString(CultureInfo.InvariantCulture);
}
