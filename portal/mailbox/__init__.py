"""The mailbox of development at /dev/mail/: mails that no mail server took, to be read in the browser."""
