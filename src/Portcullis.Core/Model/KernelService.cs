namespace Portcullis.Core.Model;

/// <summary>A port on which the kernel itself answers, as one of its own files tells.</summary>
/// <param name="Name">What in the kernel: "nfsd", "lockd", "iscsi-target", "nvmet", "ksmbd", "dlm", "ocfs2", "rxrpc", "nfs-callback".</param>
/// <param name="Protocol">The transport.</param>
/// <param name="Address">The address it is bound to; null where the file does not tell.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Source">The file that told.</param>
public sealed record KernelService(string Name, Protocol Protocol, IpAddress? Address, int Port, string Source);
